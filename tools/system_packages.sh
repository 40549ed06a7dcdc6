#!/usr/bin/env bash
# Installs what `make test` needs from the system's packages, where it is missing: a browser and
# PostgreSQL. Says what it does; needs root only when there is something to install.
set -euo pipefail

say() { printf '%s\n' "$*" >&2; }

missing=()
command -v chromium >/dev/null || missing+=(chromium)
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
command -v git >/dev/null || missing+=(git)
command -v openssl >/dev/null || missing+=(openssl)

if [ ${#missing[@]} = 0 ]; then
    exit 0
fi
if ! command -v apt-get >/dev/null; then
    say "The tests need ${missing[*]}. Please install them with this system's package manager."
    exit 1
fi
as_root=()
if [ "$(id -u)" != 0 ]; then
    as_root=(sudo)
fi
say "Installing for the tests from the system's packages: ${missing[*]}"
"${as_root[@]}" apt-get update -q >&2
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
    "${missing[@]}" >&2
