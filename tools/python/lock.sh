#!/usr/bin/env bash
# Writes each requirements-*.txt from the requirements-*.in beside it: all packages for all platforms, with the SHA-256 of
# every file. Versions stay as they are unless the .in file, or --upgrade, asks for others. Needs uv (pip install uv).
set -euo pipefail
cd "$(dirname "$0")/../.."

lock() {
  uv --config-file tools/python/uv.toml pip compile --quiet --universal --generate-hashes --no-annotate \
    --no-emit-package torch --custom-compile-command tools/python/lock.sh "$@"
}

lock --python-version 3.10 python/requirements-train.in -o python/requirements-train.txt "$@"
for name in newest ray statistics; do
  lock --python-version 3.11 tools/python/requirements-$name.in -o tools/python/requirements-$name.txt "$@"
done
# These lists are complete as they are, without what only a GPU needs.
for name in axolotl llama-factory; do
  lock --python-version 3.11 --no-deps tools/python/requirements-$name.in -o tools/python/requirements-$name.txt "$@"
done
