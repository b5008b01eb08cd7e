#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU mailutils; see popserver.sh for the options. The users are called NAME@t; Maildirs DIRECTORY/home/NAME/INBOX.
has_tls=yes

prepare() {
    mkdir -p "$directory/domains" "$directory/locks"
    chmod 1777 "$directory/locks"
    local i owner group
    owner=$(id -u nobody) group=$(id -g nobody)
    : > "$directory/domains/t"
    for ((i = 1; i <= users; i++)); do
        echo "user$i:$hash:$owner:$group:user$i:$directory/home/user$i:/bin/sh" >> "$directory/domains/t"
        mkdir -p "$directory/home/user$i/INBOX/"{cur,new,tmp}
    done
    chown -R "$owner:$group" "$directory/home"
    # It refuses a key that others may read.
    cp "$certificates/server.pem" "$certificates/server.key" "$directory/"
    chmod 600 "$directory/server.key"
    cat > "$directory/pop3d.conf" <<CONF
mode daemon;
foreground yes;
max-children 50;
pidfile $directory/pid;
auth { authentication clear; authentication generic; authorization clear; authorization virtdomain; };
virtdomain { passwd-dir $directory/domains; };
mailbox { mailbox-type maildir; };
mandatory-locking { enable yes; lock-directory $directory/locks; };
logging { syslog no; };
tcp-wrappers { enable no; };
tls { ssl-certificate-file $directory/server.pem; ssl-key-file $directory/server.key; };
timeout 600;
server 127.0.0.1:$1 { tls-mode ondemand; };
server 127.0.0.1:$2 { tls-mode connection; };
CONF
}

serve() {
    /usr/sbin/pop3d --config-file="$directory/pop3d.conf"
}

# shellcheck source=popserver.sh
. "$(dirname "$(readlink -f "$0")")/popserver.sh"
