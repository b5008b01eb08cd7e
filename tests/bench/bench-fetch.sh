#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# bench-fetch.sh fetch|latency|nothing-new|deletions PROGRAM [OPTIONS]
# Measures how long PROGRAM (satchel) takes to get mail from a Dovecot on loopback, beside a floor that only reads and
# throws away, and beside mpop, all in the same run. The tools it needs lie beside PROGRAM. --help tells the options.
set -eu
here=$(dirname "$(readlink -f "$0")")
for tool in dovecot mpop python3; do
    PATH=$PATH:/usr/sbin:/sbin command -v $tool > /dev/null || {
        echo "bench-fetch.sh: $tool is not installed" >&2
        exit 69
    }
done
exec python3 "$here/fetch/bench.py" "$@"
