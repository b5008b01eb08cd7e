// SPDX-License-Identifier: GPL-3.0-or-later
// satchel-bench-popfloor: the least that a POP3 client can do. Logs in on 127.0.0.1 without TLS, asks for everything
// and throws it away, or looks at everything and deletes it: whatever a real client takes more than this is its own
// work.
#include <arpa/inet.h>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace {

[[noreturn]] void die(const char *what)
{
    std::fprintf(stderr, "popfloor: %s\n", what);
    std::exit(1);
}

/// Reads replies without keeping them.
class Connection
{
public:
    explicit Connection(std::uint16_t port)
        : m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
        , m_buffer(256 * 1024)
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (m_socket < 0 || ::connect(m_socket, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0)
            die("cannot connect");
        const int on = 1;
        ::setsockopt(m_socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        ::fcntl(m_socket, F_SETFL, O_NONBLOCK);
    }
    ~Connection() { ::close(m_socket); }
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    void say(std::string_view text) { m_out += text; }

    /// The status line of the next reply.
    std::string status()
    {
        for (;;) {
            const auto *start = m_buffer.data() + m_start;
            if (const void *end = std::memchr(start, '\n', m_end - m_start)) {
                const auto length = std::size_t(static_cast<const char *>(end) - start) + 1;
                std::string line(start, length);
                m_start += length;
                if (!line.starts_with("+OK"))
                    die(line.c_str());
                return line;
            }
            fill(0);
        }
    }
    /// The lines that follow a status line; returns how many bytes and lines they were.
    std::pair<std::uint64_t, std::uint64_t> lines(bool count)
    {
        // The line end of the status line is still in the buffer, so that a terminator that follows at once is found.
        constexpr std::string_view terminator = "\n.\r\n";
        std::uint64_t bytes = 0;
        std::uint64_t found = 0;
        std::size_t from = m_start - 1;
        for (;;) {
            const char *start = m_buffer.data() + from;
            const void *at = ::memmem(start, m_end - from, terminator.data(), terminator.size());
            const std::size_t end = at ? std::size_t(static_cast<const char *>(at) - m_buffer.data()) + 1 : m_end;
            if (count) {
                for (std::size_t i = m_start; i < end; ++i)
                    found += m_buffer[i] == '\n' ? 1U : 0U;
            }
            bytes += end > m_start ? end - m_start : 0;
            if (at) {
                m_start = end + 3;
                return {bytes, found};
            }
            m_start = m_end;
            const std::size_t keep = std::min<std::size_t>(m_end - from, terminator.size() - 1);
            fill(keep);
            from = m_start - keep;
        }
    }

private:
    /// Waits until there is more to read, writing meanwhile; \a keep bytes before the unread ones stay in reach.
    void fill(std::size_t keep)
    {
        const std::size_t held = m_end - m_start + keep;
        std::memmove(m_buffer.data(), m_buffer.data() + m_start - keep, held);
        m_start = keep;
        m_end = held;
        for (;;) {
            pollfd poller{m_socket, POLLIN, 0};
            if (!m_out.empty())
                poller.events |= POLLOUT;
            if (::poll(&poller, 1, 120'000) <= 0)
                die("the server fell silent");
            if ((poller.revents & POLLOUT) && !m_out.empty()) {
                const ssize_t written = ::send(m_socket, m_out.data(), m_out.size(), MSG_NOSIGNAL);
                if (written > 0)
                    m_out.erase(0, std::size_t(written));
            }
            if (poller.revents & (POLLIN | POLLHUP | POLLERR)) {
                const ssize_t count = ::recv(m_socket, m_buffer.data() + m_end, m_buffer.size() - m_end, 0);
                if (count > 0) {
                    m_end += std::size_t(count);
                    return;
                }
                if (count == 0 || (errno != EAGAIN && errno != EINTR))
                    die("the connection was lost");
            }
        }
    }

    int m_socket;
    std::vector<char> m_buffer;
    std::size_t m_start = 0;
    std::size_t m_end = 0;
    std::string m_out;
};

} // namespace

int main(int argc, char *argv[])
{
    if (argc != 5) {
        std::fprintf(stderr,
            "usage: popfloor PORT USER PASSWORD WINDOW\n"
            "WINDOW: how many RETRs may be on their way, \"all\", \"none\" to fetch only the UIDLs, or \"delete\" for "
            "TOP and "
            "DELE\n");
        return 64;
    }
    const std::string window = argv[4];
    Connection server(std::uint16_t(std::atoi(argv[1])));
    server.status();
    // Only where the server says PIPELINING may commands go together: every client must ask.
    server.say("CAPA\r\n");
    server.status();
    server.lines(false);
    server.say(std::string("USER ") + argv[2] + "\r\n");
    server.status();
    server.say(std::string("PASS ") + argv[3] + "\r\n");
    server.status();
    server.say("UIDL\r\n");
    server.status();
    const std::uint64_t count = server.lines(true).second;
    std::uint64_t bytes = 0;
    if (window == "delete") {
        std::string looks;
        for (std::uint64_t number = 1; number <= count; ++number)
            looks += "TOP " + std::to_string(number) + " 0\r\n";
        server.say(looks);
        for (std::uint64_t number = 1; number <= count; ++number) {
            server.status();
            bytes += server.lines(false).first;
            server.say("DELE " + std::to_string(number) + "\r\n");
        }
        for (std::uint64_t number = 1; number <= count; ++number)
            server.status();
    } else if (window != "none") {
        const std::uint64_t limit = window == "all" ? count : std::strtoull(window.c_str(), nullptr, 10);
        std::uint64_t asked = 0;
        for (std::uint64_t received = 0; received < count; ++received) {
            std::string more;
            // Refilled when half empty: one write for many commands.
            if (asked < count && asked - received <= limit / 2) {
                while (asked < count && asked - received < std::max<std::uint64_t>(1, limit))
                    more += "RETR " + std::to_string(++asked) + "\r\n";
            }
            server.say(more);
            server.status();
            bytes += server.lines(false).first;
        }
    }
    server.say("QUIT\r\n");
    server.status();
    std::printf(
        "%llu messages, %llu bytes\n", static_cast<unsigned long long>(count), static_cast<unsigned long long>(bytes));
    return 0;
}
