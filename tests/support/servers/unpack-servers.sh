#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Fetches the POP3 servers beside Dovecot that the live tests talk to: courier, cyrus, mailutils, popa3d and solid.
# Debian lets only one POP3 server be installed, so their packages, and what these need and the system does not have,
# are only unpacked: into ~/.cache/satchel/servers/NAME. Nothing is installed, and nothing of the system is changed.
#
# unpack-servers.sh        fetches what is not there yet; where that cannot be, says so in one line and succeeds
# unpack-servers.sh --why  fetches nothing; fails with one line where the servers cannot run here
set -euo pipefail

folder=${XDG_CACHE_HOME:-${HOME:?}/.cache}/satchel/servers

declare -A wanted=(
    [courier]="courier-pop courier-authlib-userdb"
    [cyrus]="cyrus-pop3d sasl2-bin"
    [mailutils]="mailutils-pop3d"
    [popa3d]="popa3d ucspi-tcp-ipv6"
    [solid]="solid-pop3d ucspi-tcp-ipv6"
)
names=(courier cyrus mailutils popa3d solid)

not_here() {
    echo "the POP3 servers ${names[*]} are not tested here: $1"
    exit "$2"
}

# What is asked for is part of the name: another list is fetched anew.
stamp() { echo "$folder/$1/unpacked-$(printf '%s' "${wanted[$1]}" | cksum | cut -d' ' -f1)"; }

status=0
[ "${1:-}" = --why ] && status=1
command -v apt-get > /dev/null && command -v dpkg > /dev/null || not_here "they come from Debian's packages" $status
[ "$(id -u)" = 0 ] || not_here "they change their user, which takes root" $status
unshare --mount --pid --fork --propagation unchanged true 2> /dev/null ||
    not_here "they need mount and process namespaces of their own, which are not allowed here" $status
[ $status = 0 ] || exit 0

# The packages themselves and all that they need beside what is installed. A mail transport agent that some of them
# name comes along and lies there unused.
packages_for() { # packages
    apt-get -s -q -o APT::Install-Recommends=false install "$@" 2> "$folder/apt.log" | awk '$1 == "Inst" && $3 !~ /^\[/ { print $2 }'
}

unpack() { # name
    local list part=$folder/$1.partial
    # shellcheck disable=SC2086
    list=$(packages_for ${wanted[$1]}) && [ -n "$list" ] || return 1
    mkdir -p "$part/packages"
    # What an interrupted run has fetched is not fetched again.
    # shellcheck disable=SC2086
    (cd "$part/packages" && apt-get -q download $list) > "$folder/apt.log" 2>&1 || return 1
    local package
    for package in "$part"/packages/*.deb; do dpkg -x "$package" "$part"; done
    rm -rf "$part/packages" "${folder:?}/$1"
    mv "$part" "$folder/$1"
    : > "$(stamp "$1")"
}

mkdir -p "$folder"
exec 9> "$folder/lock"
flock 9
updated=no
for name in "${names[@]}"; do
    [ ! -e "$(stamp "$name")" ] || continue
    echo "satchel: unpacking the POP3 server $name for the tests" >&2
    if ! unpack "$name"; then
        # Old lists name packages that are no longer there.
        [ $updated = yes ] || apt-get -q update > "$folder/update.log" 2>&1 || true
        updated=yes
        unpack "$name" || { cat "$folder/apt.log" >&2; echo "satchel: $name could not be fetched" >&2; exit 1; }
    fi
done
