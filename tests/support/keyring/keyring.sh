#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a command with a keyring of its own: a private session bus and, on it, a real gnome-keyring-daemon, both of which
# end with the command. Works without a display, as any user.
#
# keyring.sh SITUATION HOME COMMAND...
#   SITUATION  unlocked  the keyring is open; made when there is none yet
#              started   the keyring daemon runs and nobody unlocked it: what HOME has is locked
#              absent    there is a session bus, and nobody on it who keeps secrets
#              nobus     there is no session bus
#   HOME       the folder that the command takes for its home, where keyrings lie. Keep its name short, for the sockets.
set -euo pipefail

situation=$1 HOME=$2
shift 2
here=$(dirname "$(readlink -f "$0")")
export HOME KEYRING_PASSWORD='of the keyring' XDG_DATA_HOME=$HOME/share XDG_CONFIG_HOME=$HOME/config XDG_CACHE_HOME=$HOME/cache
export XDG_RUNTIME_DIR=$HOME/run
mkdir -p -m 700 "$HOME" "$XDG_RUNTIME_DIR"
unset DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS XDG_CURRENT_DESKTOP DESKTOP_SESSION KDE_FULL_SESSION GNOME_KEYRING_CONTROL

case $situation in
    # It must be unlocked before it is used for the first time, and with a password that is not empty.
    unlocked) prepare='printf %s "$KEYRING_PASSWORD" | gnome-keyring-daemon --unlock --components=secrets' ;;
    started) prepare='gnome-keyring-daemon --start --components=secrets' ;;
    absent) prepare=: ;;
    nobus) exec "$@" ;;
    *) echo "keyring.sh: there is no situation $situation" >&2; exit 2 ;;
esac
exec dbus-run-session --config-file="$here/bus.conf" -- sh -c "{ $prepare; } > /dev/null 2>&1; exec \"\$@\"" sh "$@"
