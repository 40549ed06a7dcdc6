#!/usr/bin/env bash
# Makes .venv and fills it with what requirements/$1.txt pins, and with this repository's packages.
# usage: tools/make_venv.sh run|dev      Environment: PYTHON, the interpreter to start from.
set -euo pipefail
cd "$(dirname "$0")/.."

wanted=${1:?say run or dev}
python=${PYTHON:-python3}
venv=.venv

say() { printf '%s\n' "$*" >&2; }

check_python() {
    if ! command -v "$python" >/dev/null; then
        say "Python 3.11 or newer is needed, and '$python' was not found. On Debian: apt-get install python3 python3-venv"
        exit 1
    fi
    if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        say "Python 3.11 or newer is needed; '$python' is $("$python" --version 2>&1). Name another one: make PYTHON=python3.12 ..."
        exit 1
    fi
}

# Debian splits venv from Python; without it an environment has no pip to begin with.
check_ensurepip() {
    if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        return
    fi
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "Installing python3-venv, which this Python lacks."
        DEBIAN_FRONTEND=noninteractive apt-get install -y -q python3-venv >&2 ||
            { apt-get update -q >&2 && DEBIAN_FRONTEND=noninteractive apt-get install -y -q python3-venv >&2; }
        return
    fi
    say "This Python cannot make environments yet. Run: sudo apt-get install python3-venv"
    exit 1
}

make_environment() {
    if "$venv/bin/python" -c '' 2>/dev/null && [ -x "$venv/bin/uv" ]; then
        return
    fi
    check_python
    check_ensurepip
    "$python" -m venv --clear "$venv"
    "$venv/bin/python" -m pip install --quiet --require-hashes -r requirements/uv.txt
}

make_environment
uv=("$venv/bin/uv" pip install --quiet --python "$venv/bin/python")
"${uv[@]}" --require-hashes -r "requirements/$wanted.txt"
"${uv[@]}" --no-deps --no-build-isolation -e packages/basis -e packages/kitchenasty -e packages/orca -e packages/swarmhaul
touch "$venv/.$wanted"
