// SPDX-License-Identifier: GPL-3.0-or-later
// satchel-bench-measure SECONDS COMMAND...: runs a command, no longer than that, and writes what it took as one line of
// JSON to standard output; the command's own output goes to standard error. A small program of its own, for a process
// inherits the peak memory of the one that it was forked from.
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

pid_t child = 0;

double seconds(const timeval &time)
{
    return double(time.tv_sec) + double(time.tv_usec) / 1e6;
}

} // namespace

int main(int argc, char *argv[])
{
    if (argc < 3) {
        std::fprintf(stderr, "usage: measure SECONDS COMMAND...\n");
        return 64;
    }
    const auto start = std::chrono::steady_clock::now();
    child = ::fork();
    if (child == 0) {
        ::dup2(STDERR_FILENO, STDOUT_FILENO);
        ::execvp(argv[2], argv + 2);
        std::fprintf(stderr, "measure: cannot run %s: %s\n", argv[2], std::strerror(errno));
        ::_exit(127);
    }
    ::signal(SIGALRM, [](int) { ::kill(child, SIGKILL); });
    ::alarm(unsigned(std::atoi(argv[1])));
    int status = 0;
    rusage used{};
    while (::wait4(child, &status, 0, &used) < 0 && errno == EINTR) { }
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
    std::printf("{\"status\": %d, \"wall\": %.4f, \"cpu\": %.4f, \"memory\": %ld}\n",
        WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), wall.count(),
        seconds(used.ru_utime) + seconds(used.ru_stime), used.ru_maxrss * 1024L);
    return 0;
}
