#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a private Dovecot 2.4 with POP3 on 127.0.0.1, as root or as any user, until it is told to end.
#
# dovecot.sh [options] DIRECTORY
#   DIRECTORY            holds everything: keep it short, its socket names may not be longer than 107 bytes
#   --port N             POP3 with STLS there; a free port when not given
#   --tls-port N         implicit TLS there; a free port when not given
#   --certificates DIR   as certificates.sh makes them; made in DIRECTORY/certificates when not given
#   --certificate KIND   server (the default), wrong, expired or selfsigned
#   --failure-delay N    seconds until a wrong password is refused, 0 when not given
#   --client-certificates ask for them; EXTERNAL signs in who has one of the authority, under the name in it
#   --demand-certificates nobody signs in by a password either who has none
#   --identity-provider URL  whose access tokens sign in (XOAUTH2, OAUTHBEARER); asked at URL/userinfo whose they are
#   --no-lock            let two sessions into one mailbox; otherwise the second gets [IN-USE]
#   --user NAME:PASSWORD may come several times; when not given, DIRECTORY/users stays as it is, or is "robin:secret"
#   --attached           end when standard input ends, so that no server outlives the program that started it
#
# When it listens it writes one line to standard output: "ready PORT TLS-PORT". SIGTERM ends it.
# The mail of NAME lies in DIRECTORY/home/NAME/Maildir, the log in DIRECTORY/dovecot.log.
set -euo pipefail

fail() { echo "dovecot.sh: $*" >&2; exit 1; }

here=$(dirname "$(readlink -f "$0")")
port='' tls_port='' certificates='' certificate=server failure_delay=0 lock=yes client_certificates=no demand=no identity_provider='' attached=no
users=()
arguments=("$@")
while [ $# -gt 0 ]; do
    case $1 in
        --port) port=$2; shift 2 ;;
        --tls-port) tls_port=$2; shift 2 ;;
        --certificates) certificates=$2; shift 2 ;;
        --certificate) certificate=$2; shift 2 ;;
        --failure-delay) failure_delay=$2; shift 2 ;;
        --client-certificates) client_certificates=yes; shift ;;
        --demand-certificates) client_certificates=yes demand=yes; shift ;;
        --identity-provider) identity_provider=$2; shift 2 ;;
        --no-lock) lock=no; shift ;;
        --user) users+=("$2"); shift 2 ;;
        --attached) attached=yes; shift ;;
        -*) fail "there is no option $1" ;;
        *) break ;;
    esac
done
[ $# -eq 1 ] || fail "needs the name of a directory"
PATH=$PATH:/usr/sbin:/sbin
command -v dovecot > /dev/null || fail "Dovecot is not installed (Debian: dovecot-core, dovecot-pop3d)"
case $(dovecot --version) in
    2.[0-3].*) fail "Dovecot 2.4 or newer is needed, this is $(dovecot --version)" ;;
esac
mkdir -p "$1"
directory=$(readlink -f "$1")
[ ${#directory} -le 60 ] || fail "the name $directory is too long for the sockets in it"

# Dovecot serves no mailbox of uid 0, and its own user must have a name. A true root hands the mail to nobody. Who is
# root only inside a user namespace cannot do that, and a build root need not know the name of the user who entered it:
# both become "daemon" in a namespace of their own.
as_root=no
if [ "$(id -u)" = 0 ] && setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups true 2> /dev/null; then
    as_root=yes
elif [ "$(id -u)" = 0 ] || ! id -un > /dev/null 2>&1 || ! id -gn > /dev/null 2>&1; then
    [ -z "${SATCHEL_DOVECOT_NESTED:-}" ] || fail "cannot become a user that has a name"
    export SATCHEL_DOVECOT_NESTED=1
    exec unshare --user --map-user="$(id -u daemon)" --map-group="$(id -g daemon)" -- "$0" "${arguments[@]}"
fi

if [ -z "$certificates" ]; then
    certificates=$directory/certificates
    "$here/certificates.sh" "$certificates"
fi
certificates=$(readlink -f "$certificates")
[ -r "$certificates/$certificate.pem" ] || fail "there is no certificate $certificate in $certificates"

mkdir -p "$directory/run" "$directory/home"
[ ${#users[@]} -gt 0 ] || [ -e "$directory/users" ] || users=(robin:secret)
[ ${#users[@]} -eq 0 ] || : > "$directory/users"
for user in "${users[@]}"; do
    # Plain passwords serve every mechanism: the server works out the rest.
    echo "${user%%:*}:{PLAIN}${user#*:}" >> "$directory/users"
    mkdir -p "$directory/home/${user%%:*}/Maildir/"{cur,new,tmp}
done
if [ $as_root = yes ]; then
    owner=nobody group=$(id -gn nobody)
    chmod 755 "$directory"
    chown -R "$owner:$group" "$directory/home"
    privileges=''
else
    owner=$(id -un) group=$(id -gn)
    privileges="default_internal_user = $owner
default_internal_group = $group
default_login_user = $owner
service anvil {
  chroot =
}
service pop3-login {
  chroot =
}
service stats {
  chroot =
}"
fi

mechanisms='' certificate_sign_in='' certificate_request=''
if [ $client_certificates = yes ]; then
    mechanisms='external scram-sha-1-plus scram-sha-256-plus'
    certificate_sign_in='passdb certificate {
  driver = static
  mechanisms_filter = external
  fields {
    nopassword = yes
  }
}'
    # The file holds a revocation list too: without one Dovecot takes no certificate.
    certificate_request="ssl_server_request_client_cert = yes
ssl_server_ca_file = $certificates/ca+crl.pem
auth_ssl_username_from_cert = yes
auth_ssl_require_client_cert = $demand"
fi

tokens=''
if [ -n "$identity_provider" ]; then
    mechanisms+=' oauthbearer xoauth2'
    tokens="oauth2 {
  introspection_mode = auth
  introspection_url = $identity_provider/userinfo
  username_attribute = email
  openid_configuration_url = $identity_provider/.well-known/openid-configuration
}"
fi

configure() { # port, TLS port
    cat > "$directory/dovecot.conf" <<CONF
dovecot_config_version = 2.4.1
dovecot_storage_version = 2.4.1
base_dir = $directory/run
state_dir = $directory/run
log_path = $directory/dovecot.log
log_timestamp = "%F %T "
auth_verbose = yes
listen = 127.0.0.1
protocols = pop3
ssl = yes
ssl_server_cert_file = $certificates/$certificate.pem
ssl_server_key_file = $certificates/$certificate.key
auth_allow_cleartext = yes
auth_mechanisms = plain login cram-md5 digest-md5 apop scram-sha-1 scram-sha-256 $mechanisms
auth_failure_delay = $failure_delay
first_valid_uid = 1
$certificate_sign_in
passdb passwd-file {
  passwd_file_path = $directory/users
  default_password_scheme = PLAIN
}
userdb static {
  fields {
    uid = $(id -u "$owner")
    gid = $(id -g "$owner")
    home = $directory/home/%{user}
  }
}
mail_driver = maildir
mail_path = ~/Maildir
mail_index_path = ~/index
mail_fsync = never
pop3_lock_session = $lock
mail_max_userip_connections = 50
service pop3-login {
  inet_listener pop3 {
    port = $1
  }
  inet_listener pop3s {
    port = $2
    ssl = yes
  }
}
# Without this one refused password delays every later login from 127.0.0.1, right ones too, by up to 15 seconds.
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
$certificate_request
$tokens
$privileges
CONF
}

free_ports() {
    python3 -c 'import socket
held = [socket.socket() for _ in range(2)]
for s in held: s.bind(("127.0.0.1", 0))
print(*(s.getsockname()[1] for s in held))'
}

server= reader=
stop() {
    trap - EXIT
    for child in "$server" "$reader"; do
        if [ -n "$child" ]; then
            kill "$child" 2> /dev/null || true
            wait "$child" 2> /dev/null || true
        fi
    done
    exit "${1:-0}"
}
trap 'stop 0' TERM INT HUP
trap 'stop $?' EXIT

# It greets when its authentication is up too; told to end before that, it takes five seconds to do so.
greets() { # port
    local greeting=''
    { exec 3<> "/dev/tcp/127.0.0.1/$1"; } 2> /dev/null || return 1
    read -r -t 10 greeting <&3 || true
    printf 'QUIT\r\n' >&3 || true
    exec 3>&-
    case $greeting in +OK*) ;; *) return 1 ;; esac
}

# A port that was free a moment ago may be taken when Dovecot asks for it: then others are tried.
for attempt in 1 2 3 4 5 6 7 8; do
    read -r free_port free_tls_port < <(free_ports)
    use_port=${port:-$free_port} use_tls_port=${tls_port:-$free_tls_port}
    configure "$use_port" "$use_tls_port"
    : > "$directory/dovecot.log"
    dovecot -c "$directory/dovecot.conf" -F < /dev/null > "$directory/dovecot.out" 2>&1 &
    server=$!
    for _ in {1..400}; do
        kill -0 "$server" 2> /dev/null || break
        if greets "$use_port"; then
            echo "ready $use_port $use_tls_port"
            if [ $attached = yes ]; then
                # bash runs no trap while it reads, so the reading is done by a child and bash waits.
                cat <&0 > /dev/null &
                reader=$!
                wait -n || true
                stop 0
            fi
            wait "$server" || true
            server=
            fail "Dovecot ended by itself: $(tail -n 3 "$directory/dovecot.log")"
        fi
        sleep 0.025
    done
    kill "$server" 2> /dev/null || true
    wait "$server" 2> /dev/null || true
    server=
    grep -qs "Address already in use" "$directory/dovecot.out" "$directory/dovecot.log" || break
    [ -z "$port" ] || [ -z "$tls_port" ] || break
done
fail "Dovecot did not start: $(cat "$directory/dovecot.out" "$directory/dovecot.log")"
