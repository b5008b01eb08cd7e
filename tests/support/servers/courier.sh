#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Courier; see popserver.sh for the options. Maildirs DIRECTORY/home/NAME/Maildir, users of its own.
has_tls=yes

prepare() {
    local i owner group entry hmac
    owner=$(id -u nobody) group=$(id -g nobody)
    mkdir -p "$directory/etc/courier/userdb.d"
    cat > "$directory/etc/courier/authdaemonrc" <<CONF
authmodulelist="authuserdb"
authmodulelistorig="authuserdb"
daemons=3
authdaemonvar=/run/courier/authdaemon
DEBUG_LOGIN=0
CONF
    entry="systempw=$hash|pop3pw=$hash"
    # What CRAM needs cannot be worked out from the hash of the password.
    for hmac in md5 sha1 sha256; do
        entry+="|hmac-${hmac}pw=$(echo "$password" | "$unpacked/usr/sbin/userdbpw" "-hmac-$hmac")"
    done
    : > "$directory/etc/courier/userdb"
    for ((i = 1; i <= users; i++)); do
        printf 'user%d\tuid=%s|gid=%s|home=%s|shell=/bin/sh|mail=%s|%s\n' "$i" "$owner" "$group" \
            "$directory/home/user$i" "$directory/home/user$i/Maildir" "$entry" >> "$directory/etc/courier/userdb"
        mkdir -p "$directory/home/user$i/Maildir/"{cur,new,tmp}
    done
    chown -R "$owner:$group" "$directory/home"
    chmod 700 "$directory/etc/courier"
    chmod 600 "$directory/etc/courier/userdb"
    # couriertls reads it as the user courier; where it cannot, STLS is answered with +OK and the line goes dead.
    cat "$certificates/server.pem" "$certificates/server.key" > "$directory/server.pem"
    chown 61000:61000 "$directory/server.pem"
    chmod 600 "$directory/server.pem"
}

serve() {
    local libexec=/usr/lib/courier/courier
    local login=("$libexec/courierpop3login" "$libexec/courierpop3d" Maildir)
    local listen=(/usr/sbin/couriertcpd -address=127.0.0.1 -maxprocs=40 -maxperip=40 -nodnslookup)
    mkdir -p /run/courier/authdaemon
    chown -R courier:courier /run/courier
    # The database is written beside its source, which has to be a folder that can be written to.
    mount --bind "$directory/etc/courier" /etc/courier
    makeuserdb
    export AUTHMODULES='' MAILDIRPATH=Maildir POP3AUTH="PLAIN LOGIN CRAM-MD5 CRAM-SHA1 CRAM-SHA256"
    export POP3AUTH_TLS="PLAIN LOGIN CRAM-MD5" POP3_STARTTLS=YES POP3_TLS_REQUIRED=0 COURIERTLS=/usr/bin/couriertls
    export TLS_CERTFILE="$directory/server.pem" TLS_VERIFYPEER=NONE TLS_PROTOCOL=TLSv1.2+ TLS_PRIORITY=''
    /usr/lib/courier/courier-authlib/authdaemond &
    "${listen[@]}" "$1" "${login[@]}" &
    POP3_TLS=1 POP3_STARTTLS=NO "${listen[@]}" "$2" /usr/bin/couriertls -server -tcpd "${login[@]}" &
    wait
}

# shellcheck source=popserver.sh
. "$(dirname "$(readlink -f "$0")")/popserver.sh"
