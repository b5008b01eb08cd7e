#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# solid-pop3d; see popserver.sh for the options. mbox files DIRECTORY/mail/NAME, users of the system, no TLS.
has_tls=no

prepare() {
    mkdir -p "$directory/mail"
    chmod 1777 "$directory/mail"
    local service
    for service in solid-pop3d spop3d; do
        printf 'auth required pam_unix.so nodelay\naccount required pam_unix.so\nsession optional pam_permit.so\n' \
            > "$directory/etc/pam.d/$service"
    done
    # Before anybody has signed in it gives up its rights to a user of this name.
    sed -i 's/^solid:/spop3d:/' "$directory/etc/passwd" "$directory/etc/group" "$directory/etc/shadow"
    cat > "$directory/solid.conf" <<CONF
<Global>
	MailDropName	"/var/mail/%s"
	MailDropType	mailbox
	LogStatistics	no
	AutoLogoutTime	120s
	AllowAPOP	yes
	AddBulletins	no
	APOPServerName	localhost
</Global>
CONF
}

serve() {
    tcpserver -H -R -l localhost -c 50 127.0.0.1 "$1" /usr/sbin/solid-pop3d -f "$directory/solid.conf"
}

# shellcheck source=popserver.sh
. "$(dirname "$(readlink -f "$0")")/popserver.sh"
