#!/usr/bin/env bash
# Writes requirements/*.txt from requirements/*.in: exact versions with sha256, for every platform,
# without any address to download from.
set -euo pipefail
cd "$(dirname "$0")/.."

for name in run dev uv; do
    .venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-annotate --no-header \
        "requirements/$name.in" -o "requirements/$name.txt"
done
