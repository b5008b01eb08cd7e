# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# What courier.sh, cyrus.sh, mailutils.sh, popa3d.sh and solid.sh share; they source it as their last line.
# Each runs one POP3 server, unpacked by unpack-servers.sh, on 127.0.0.1 until it is told to end. It takes root.
#
# NAME.sh [options] DIRECTORY
#   DIRECTORY            holds everything: keep its name short, for the sockets in it
#   --port N             POP3 there; a free port when not given
#   --tls-port N         implicit TLS there, if the server has TLS at all; a free port when not given
#   --certificates DIR   as certificates.sh makes them; made in DIRECTORY/certificates when not given
#   --users N            user1 to userN can sign in, 60 when not given
#   --password WORD      the password of all of them, "correct horse 1" when not given
#   --attached           end when standard input ends, so that no server outlives the program that started it
#
# When it listens it writes one line to standard output: "ready PORT TLS-PORT". SIGTERM ends it.
#
# These servers have their paths compiled in, and may not be installed beside each other. So each gets a mount
# namespace in which its unpacked packages lie over /usr and DIRECTORY/etc over /etc, and a process namespace, with
# which everything ends that the server has started. Outside of them nothing changes.
#
# The script that sources this has set has_tls=yes|no, and has these functions:
#   prepare PORT TLS-PORT  writes the configuration into $directory; before each attempt to start
#   serve PORT TLS-PORT    inside the namespaces, as root: runs the server and returns only when it ends
set -euo pipefail

server=$(basename "$0" .sh)
here=$(dirname "$(readlink -f "$0")")
unpacked=${XDG_CACHE_HOME:-${HOME:?}/.cache}/satchel/servers/$server

fail() { echo "$server.sh: $*" >&2; exit 1; }

if [ "${1:-}" = --inside ]; then
    directory=$2
    # Inside a chroot the root folder is no mount point; there is nothing to keep private then.
    mount --make-rprivate / 2> /dev/null || true
    mount -t overlay overlay -o "lowerdir=$unpacked/usr:/usr" /usr
    mount -t overlay overlay -o "lowerdir=$directory/etc:$unpacked/etc:/etc" /etc
    # Some want their empty folders there, as a prison or for their sockets.
    [ ! -d "$unpacked/var" ] || mount -t overlay overlay -o "lowerdir=$unpacked/var:/var" /var
    mount -t tmpfs -o mode=755 tmpfs /run
    [ ! -d "$directory/mail" ] || mount --bind "$directory/mail" /var/mail
    # Not with exec: a server that changes its user would no longer be told that its parent has died, and as the first
    # process of the namespace it would live on.
    serve "$3" "$4" &
    wait
    exit
fi

port='' tls_port='' certificates='' users=60 password='correct horse 1' attached=no
while [ $# -gt 0 ]; do
    case $1 in
        --port) port=$2; shift 2 ;;
        --tls-port) tls_port=$2; shift 2 ;;
        --certificates) certificates=$2; shift 2 ;;
        --users) users=$2; shift 2 ;;
        --password) password=$2; shift 2 ;;
        --attached) attached=yes; shift ;;
        -*) fail "there is no option $1" ;;
        *) break ;;
    esac
done
[ $# -eq 1 ] || fail "needs the name of a directory"
PATH=$PATH:/usr/sbin:/sbin
"$here/unpack-servers.sh" --why >&2 || exit 1
[ -d "$unpacked/usr" ] || fail "it is not unpacked; $here/unpack-servers.sh does that, and ./dev test by itself"
mkdir -p "$1"
directory=$(readlink -f "$1")
[ ${#directory} -le 60 ] || fail "the name $directory is too long for the sockets in it"
chmod 755 "$directory"
if [ -z "$certificates" ]; then
    certificates=$directory/certificates
    "$here/certificates.sh" "$certificates"
fi
certificates=$(readlink -f "$certificates")
export LD_LIBRARY_PATH=$unpacked/usr/lib/$(uname -m)-linux-gnu:$unpacked/usr/lib/courier/courier-authlib

# Users of this system alone, in the /etc that only this server sees. Their numbers are nobody else's.
mkdir -p "$directory/etc/pam.d" "$directory/home"
accounts() { # name number hash
    echo "$1:x:$2:8::$directory/home/$1:/bin/sh" >> "$directory/etc/passwd"
    echo "$1:$3:19000:0:99999:7:::" >> "$directory/etc/shadow"
}
cp /etc/passwd /etc/group /etc/shadow "$directory/etc/"
hash=$(openssl passwd -6 "$password")
first_user=61001
for ((i = 1; i <= users; i++)); do accounts "user$i" $((first_user - 1 + i)) "$hash"; done
accounts "$server" 61000 '*'
echo "$server:x:61000:" >> "$directory/etc/group"
chmod 640 "$directory/etc/shadow"

free_ports() {
    python3 -c 'import socket
held = [socket.socket() for _ in range(2)]
for s in held: s.bind(("127.0.0.1", 0))
print(*(s.getsockname()[1] for s in held))'
}

child='' reader=''
stop() {
    trap - EXIT
    for one in "$child" "$reader"; do
        if [ -n "$one" ]; then
            # unshare heeds nothing less, and takes the whole namespace with it.
            kill -KILL "$one" 2> /dev/null || true
            wait "$one" 2> /dev/null || true
        fi
    done
    exit "${1:-0}"
}
trap 'stop 0' TERM INT HUP
trap 'stop $?' EXIT

greets() { # port
    local greeting=''
    { exec 3<> "/dev/tcp/127.0.0.1/$1"; } 2> /dev/null || return 1
    read -r -t 10 greeting <&3 || true
    printf 'QUIT\r\n' >&3 || true
    exec 3>&-
    case $greeting in +OK*) ;; *) return 1 ;; esac
}

# A port that was free a moment ago may be taken when the server asks for it: then others are tried.
for attempt in 1 2 3 4; do
    read -r free_port free_tls_port < <(free_ports)
    use_port=${port:-$free_port} use_tls_port=${tls_port:-$free_tls_port}
    [ $has_tls = yes ] || use_tls_port=0
    prepare "$use_port" "$use_tls_port"
    env -u LD_LIBRARY_PATH setpriv --pdeathsig KILL \
        unshare --mount --pid --fork --kill-child --propagation unchanged \
        "$BASH" "$(readlink -f "$0")" --inside "$directory" "$use_port" "$use_tls_port" \
        < /dev/null > "$directory/server.log" 2>&1 &
    child=$!
    for _ in {1..400}; do
        kill -0 "$child" 2> /dev/null || break
        if greets "$use_port" && { [ $use_tls_port = 0 ] || { : < "/dev/tcp/127.0.0.1/$use_tls_port"; } 2> /dev/null; }; then
            echo "ready $use_port $use_tls_port"
            if [ $attached = yes ]; then
                # bash runs no trap while it reads, so the reading is done by a child and bash waits.
                cat <&0 > /dev/null &
                reader=$!
                wait -n || true
                stop 0
            fi
            wait "$child" || true
            child=
            fail "the server ended by itself: $(tail -n 3 "$directory/server.log")"
        fi
        sleep 0.05
    done
    kill -KILL "$child" 2> /dev/null || true
    wait "$child" 2> /dev/null || true
    child=
    [ -z "$port" ] || [ "$attempt" -lt 3 ] || break
done
fail "the server did not start: $(tail -n 20 "$directory/server.log")"
