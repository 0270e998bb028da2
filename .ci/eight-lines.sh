#!/usr/bin/env bash
# The lines that the README gives from a corpus to a served, measured model, as they stand there, but for a model that is
# already on this machine, processors instead of a GPU, and a small evaluation.
#
#   bash .ci/eight-lines.sh FOLDER [VARIABLES]     a folder with data/, as the quickstart leaves it; results go there as well
#
# A model in base/ of that folder is trained, else the embedded one. VARIABLES: those of its chat template, in JSON, where the rows
# of data/ have any. SERVE in the environment: another command than `transformers serve`.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$1"
variables=${2:-}

aloe() { node "$root/src/cli/aloe.ts" "$@"; }
environment=${XDG_CACHE_HOME:-$HOME/.cache}/aloe-align/python-train
aloe train setup
if [ ! -e base/config.json ]; then
  weights=$(find "${XDG_CACHE_HOME:-$HOME/.cache}/aloe-align/models" -name '*.gguf' | head -n 1)
  "$environment/bin/python" "$root/python/gguf_to_hf.py" "$weights" base
fi
export PATH=$environment/bin:$PATH HF_HUB_OFFLINE=1 OMP_NUM_THREADS=1

more='--user-model tuned/dpo/model --user-base-url http://localhost:8000/v1 --user-prompt steered --judge rules --cases 1 --turns 2'
[ -z "$variables" ] || more+=" --chat-template-kwargs '$variables' --user-chat-template-kwargs '$variables'"
lines=$(sed -n '/^## From a corpus/,/^## /{ /^```sh/,/^```$/{ /^```/d; p } }' "$root/README.md" | sed \
  -e 's|^BASE=[^ ]*|BASE=base|' \
  -e "s|^transformers serve |${SERVE:-transformers serve} |" \
  -e 's|\$DATA|$DATA --gpus 0 --recipe recipe.json|' \
  -e "s|^aloe evaluate .*|& $more|")
[ "$(wc -l <<<"$lines")" -le 8 ] || { echo 'The README gives more than eight lines.'; exit 1; }
# Weights and context of a small model, and a few steps. The learning rate of the first is 0.
options='{"max_length": 1024, "per_device_train_batch_size": 1, "gradient_accumulation_steps": 1, "max_steps": 4}'
echo "{\"sftOptions\": $options, \"dpoOptions\": $options}" >recipe.json
trap 'kill $(jobs -p) 2>/dev/null || true' EXIT
while IFS= read -r line <&3; do
  printf '$ %s\n' "$line"
  start=$SECONDS
  # The server is there before it can answer.
  case $line in 'aloe evaluate'*) timeout 120 bash -c 'until curl -sf http://localhost:8000/health; do sleep 1; done' ;; esac
  # 1 from an evaluation: a user of so small a model wrote nothing valid, and the case ended early.
  eval "$line" || { status=$?; [[ $line == 'aloe evaluate'* && $status -eq 1 ]] || exit "$status"; }
  printf '= %s s\n' $((SECONDS - start))
done 3<<<"$lines"
ls runs/evaluate/results/*.json
