#!/usr/bin/env bash
# Trains, merges and serves every family of models in small, with the oldest and the newest tested TRL. Arguments: some families.
set -uo pipefail
cd "$(dirname "$0")/.."
. .ci/python-environment.sh

status=0
for name in train newest; do
  python=$(python_environment "$name") && "$python" tools/python/check_families.py "$@" || status=1
done
exit "$status"
