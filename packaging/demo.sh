#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Shows Satchel with real mail from a real server, and leaves nothing behind.
#
# demo.sh PROGRAM [ARGUMENTS]
#   starts Dovecot on loopback with the sample mailbox, and PROGRAM (satchel) with a throw-away profile and an account
#   for that server; ARGUMENTS go to the program, whose exit status is that of the demonstration.
#   --screenshot DIR among them: an X server without a screen (Xvfb) is started too and the program takes pictures.
#   --fetch among them: no window, only the mail.
# SATCHEL_DEMO_SIZE is the size of that screen, 1440x900 when not set.
set -euo pipefail

say() { echo "demo: $*" >&2; }
fail() { say "$1"; exit "${2:-1}"; }

root=$(dirname "$(dirname "$(readlink -f "$0")")")
[ $# -ge 1 ] || fail "usage: demo.sh PROGRAM [ARGUMENTS]" 64
program=$1
shift
command -v "$program" > /dev/null || fail "there is no program $program"

pictures=no window=yes
for argument in "$@"; do
    case $argument in
        --screenshot | --screenshot=*) pictures=yes ;;
        --fetch) window=no ;;
    esac
done
if [ $window = yes ] && [ $pictures = no ] && [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    case ${QT_QPA_PLATFORM:-} in
        '' | xcb* | wayland*)
            fail "there is no display to open a window on. For pictures instead: ./dev run --demo --screenshot DIR" 69 ;;
    esac
fi

# Names of sockets may not be long, and TMPDIR may be.
directory=$(mktemp -d /tmp/satchel-demo.XXXXXX)
chmod 711 "$directory" # the mail server's user passes through
server='' screen='' child=''
finish() {
    local status=$?
    trap '' EXIT TERM INT HUP
    for process in "$child" "$screen" "$server"; do
        if [ -n "$process" ]; then
            kill "$process" 2> /dev/null || true
            wait "$process" 2> /dev/null || true
        fi
    done
    for _ in 1 2 3 4 5; do
        rm -rf "$directory" 2> /dev/null && break
        sleep 0.2
    done
    exit $status
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

maildir=$directory/server/home/robin/Maildir
mkdir -p "$maildir"/{cur,new,tmp}
number=0
for message in "$root"/resources/sample/*.eml; do
    number=$((number + 1))
    cp "$message" "$(printf '%s/new/1700000000.M%06dP1.demo' "$maildir" $number)"
done
chmod 644 "$maildir"/new/*

password=$(openssl rand -hex 12)
# The server ends when nobody holds the other end of its input any more, so it goes even if this script is killed.
mkfifo "$directory/alive"
"$root/tests/support/servers/dovecot.sh" --attached --user "robin:$password" "$directory/server" \
    < "$directory/alive" > "$directory/ready" 2> "$directory/problem" &
server=$!
exec 9> "$directory/alive"
say "starting a mail server with $number sample messages ..."
until [ -s "$directory/ready" ]; do
    kill -0 $server 2> /dev/null || fail "the mail server did not start: $(cat "$directory/problem")"
    sleep 0.05
done
read -r _ _ tls_port < "$directory/ready"

certificate=$(openssl x509 -in "$directory/server/certificates/server.pem" -noout -fingerprint -sha256)
certificate=$(echo "${certificate#*=}" | tr -d ':')
cat > "$directory/account.json" <<JSON
{
    "name": "Robin Fields",
    "personName": "Robin Fields",
    "address": "robin@example.org",
    "host": "127.0.0.1",
    "port": $tls_port,
    "security": "tls",
    "user": "robin",
    "certificate": "$certificate",
    "keep": "forever"
}
JSON
mkdir -m 700 "$directory/profile"

if [ $pictures = yes ]; then
    command -v Xvfb > /dev/null || fail "pictures need Xvfb (Debian: xvfb)"
    Xvfb -displayfd 3 -screen 0 "${SATCHEL_DEMO_SIZE:-1440x900}x24" -nolisten tcp -noreset \
        3> "$directory/display" > "$directory/xvfb.log" 2>&1 9>&- &
    screen=$!
    until [ -s "$directory/display" ]; do
        kill -0 $screen 2> /dev/null || fail "Xvfb did not start: $(cat "$directory/xvfb.log")"
        sleep 0.05
    done
    unset WAYLAND_DISPLAY
    DISPLAY=:$(cat "$directory/display")
    QT_QPA_PLATFORM=xcb
    export DISPLAY QT_QPA_PLATFORM
fi

arguments=(--profile "$directory/profile" --account-file "$directory/account.json")
[ $window = no ] || arguments+=(--fetch-at-start)
# In the background, for bash runs no trap while it waits for a command in the foreground.
SATCHEL_DEMO_PASSWORD=$password "$program" "${arguments[@]}" "$@" <&0 9>&- &
child=$!
status=0
wait $child || status=$?
child=''
exit $status
