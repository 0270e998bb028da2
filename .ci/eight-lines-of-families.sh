#!/usr/bin/env bash
# The README's lines from a corpus to a served, measured model, on tiny random models of families with other parts than Llama: one
# that also reads images, and one that thinks, whose processor needs a package that is not there. So small a model says nothing
# that makes sense, but every line has to run. Arguments: some families.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PWD/node_modules/.bin:$PATH

environment=${XDG_CACHE_HOME:-$HOME/.cache}/aloe-align/python-train
node src/cli/aloe.ts train setup
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tsx examples/export-all-formats.ts "$work/formats" >/dev/null
[ $# -gt 0 ] || set -- 'Gemma 3 (multimodal)' 'Qwen3.5'
for family in "$@"; do
  folder=$work/${family%% *}
  mkdir -p "$folder/data"
  variables=$(OMP_NUM_THREADS=1 "$environment/bin/python" tools/python/families.py "$family" "$folder/base")
  [ "$variables" != '{}' ] || variables=
  for method in sft dpo; do
    # As an export with `chatTemplateKwargs` writes rows.
    sed "s|}\$|${variables:+,\"chat_template_kwargs\":$variables}}|" "$work/formats/trl-$method.train.jsonl" >"$folder/data/trl-$method.train.jsonl"
  done
  printf '\n== %s\n' "$family"
  # `transformers serve` itself needs the processor.
  SERVE="python $PWD/python/serve_model.py" bash .ci/eight-lines.sh "$folder" "$variables"
done
