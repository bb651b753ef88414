#!/bin/sh
# Print the name of a Python that is new enough. On Debian and Ubuntu, install python3 when there is none at all.
# Usage: find_python.sh [wanted]     Messages go to standard error, the answer to standard output.
set -u
wanted=${1:-}
new_enough='import sys; sys.exit(sys.version_info < (3, 11))'

look() {
    for candidate in $wanted python3 python3.14 python3.13 python3.12 python3.11 python; do
        command -v "$candidate" >/dev/null 2>&1 || continue
        if "$candidate" -c "$new_enough" >/dev/null 2>&1; then
            echo "$candidate"
            exit 0
        fi
    done
}

look
if ! command -v python3 >/dev/null 2>&1 && command -v apt-get >/dev/null 2>&1; then
    as_root=
    [ "$(id -u)" = 0 ] || as_root=sudo
    if [ -z "$as_root" ] || command -v sudo >/dev/null 2>&1; then
        echo "Installing python3 and python3-venv with apt ..." >&2
        { $as_root apt-get update -qq &&
          $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
              python3 python3-venv ca-certificates >/dev/null; } >&2 </dev/null
        look
    fi
fi
found=$(python3 --version 2>/dev/null || echo "no Python at all")
echo "Jiebang needs Python 3.11 or newer; this machine has $found. Install a newer one and say: make run PYTHON=/path/to/python3.12" >&2
exit 1
