#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Cyrus; see popserver.sh for the options. Mail goes in by LMTP at DIRECTORY/sockets/lmtp, which makes the mailbox.
has_tls=yes

prepare() {
    local i group
    group=$(id -gn nobody)
    mkdir -p "$directory"/{conf,spool,sockets}
    cp "$certificates/server.key" "$directory/server.key"
    if [ ! -e "$directory/sasldb2" ]; then
        for ((i = 1; i <= users; i++)); do
            echo "$password" | "$unpacked/usr/sbin/saslpasswd2" -f "$directory/sasldb2" -p -c -u localhost "user$i"
        done
    fi
    cat > "$directory/imapd.conf" <<CONF
configdirectory: $directory/conf
partition-default: $directory/spool
defaultpartition: default
cyrus_user: nobody
cyrus_group: $group
servername: localhost
admins: cyrus
allowplaintext: yes
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: $directory/sasldb2
sasl_mech_list: PLAIN LOGIN CRAM-MD5 DIGEST-MD5 SCRAM-SHA-1 SCRAM-SHA-256
sasl_auto_transition: no
allowapop: yes
popminpoll: 0
poptimeout: 10
failedloginpause: 0s
expunge_mode: immediate
autocreate_quota: 0
autocreate_post: yes
lmtpsocket: $directory/sockets/lmtp
lmtp_downcase_rcpt: yes
idlesocket: $directory/sockets/idle
notifysocket: $directory/sockets/notify
tls_server_cert: $certificates/server.pem
tls_server_key: $directory/server.key
tls_client_ca_file: $certificates/ca.pem
allowstarttls: on
duplicatesuppression: no
unixhierarchysep: yes
reject8bit: no
munge8bit: no
CONF
    local pop3d=/usr/lib/cyrus/bin/pop3d
    cat > "$directory/cyrus.conf" <<CONF
START {
  recover cmd="/usr/lib/cyrus/bin/ctl_cyrusdb -C $directory/imapd.conf -r"
}
SERVICES {
  pop3  cmd="$pop3d -C $directory/imapd.conf" listen="127.0.0.1:$1" prefork=0 maxchild=50
  pop3s cmd="$pop3d -s -C $directory/imapd.conf" listen="127.0.0.1:$2" prefork=0 maxchild=50
  lmtp  cmd="/usr/lib/cyrus/bin/lmtpd -a -C $directory/imapd.conf" listen="$directory/sockets/lmtp" prefork=0 maxchild=5
}
CONF
    chown -R "nobody:$group" "$directory"/{conf,spool,sockets,sasldb2,server.key}
    chmod 600 "$directory/sasldb2" "$directory/server.key"
}

serve() {
    mkdir -p /run/cyrus/socket /run/cyrus/lock /run/cyrus/proc
    chown -R nobody: /run/cyrus
    /usr/sbin/cyrmaster -C "$directory/imapd.conf" -M "$directory/cyrus.conf" -p "$directory/pid"
}

# shellcheck source=popserver.sh
. "$(dirname "$(readlink -f "$0")")/popserver.sh"
