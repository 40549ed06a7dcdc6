#!/usr/bin/env bash
# Installs what `make test` needs from the system's packages, where it is missing: a browser,
# PostgreSQL, a container engine and an authority for certificates. Says what it does; needs root
# only when there is something to install. The tests start an engine of their own, and never ask one
# that runs already.
# usage: tools/system_packages.sh [engine]      engine: only what `make demo-orca` needs.
set -euo pipefail

wanted=${1:-all}

say() { printf '%s\n' "$*" >&2; }

missing=()
if [ "$wanted" = all ]; then
    command -v chromium >/dev/null || missing+=(chromium)
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
    command -v git >/dev/null || missing+=(git)
    command -v openssl >/dev/null || missing+=(openssl)
    command -v pebble >/dev/null || missing+=(pebble)
fi
command -v dockerd >/dev/null || missing+=(docker.io)
command -v containerd >/dev/null || missing+=(containerd)
command -v runc >/dev/null || missing+=(runc)
command -v iptables >/dev/null || missing+=(iptables)
command -v ip >/dev/null || missing+=(iproute2)
[ -x /bin/busybox ] || missing+=(busybox-static)

if [ ${#missing[@]} = 0 ]; then
    exit 0
fi
if ! command -v apt-get >/dev/null; then
    say "These are needed: ${missing[*]}. Please install them with this system's package manager."
    exit 1
fi
as_root=()
if [ "$(id -u)" != 0 ]; then
    as_root=(sudo)
fi
say "Installing from the system's packages: ${missing[*]}"
"${as_root[@]}" apt-get update -q >&2
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
    "${missing[@]}" >&2
