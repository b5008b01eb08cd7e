#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# popa3d; see popserver.sh for the options. mbox files DIRECTORY/mail/NAME, users of the system, no TLS.
has_tls=no

prepare() {
    mkdir -p "$directory/mail"
    chmod 1777 "$directory/mail"
    # As Debian has it, but without two seconds of waiting after a wrong password.
    printf 'auth required pam_unix.so nodelay\naccount required pam_unix.so\nsession optional pam_permit.so\n' \
        > "$directory/etc/pam.d/popa3d"
}

serve() {
    # By itself it would listen on all addresses and on port 110 alone.
    tcpserver -H -R -l localhost -c 50 127.0.0.1 "$1" /usr/sbin/popa3d
}

# shellcheck source=popserver.sh
. "$(dirname "$(readlink -f "$0")")/popserver.sh"
