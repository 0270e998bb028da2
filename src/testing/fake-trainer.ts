import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Writes a program that stands in for Python with TRL, so that jobs run in a moment and without a model: it takes
 * `max_steps` steps, logs made-up numbers and leaves a result, in TRL's own places; broken off, it goes on. In the
 * job's environment, `FAKE_STEP_SECONDS` sets how long a step takes (default 0.05), `FAKE_EXIT_CODE` how it ends, and
 * `FAKE_FAILING_STAGE` the one stage that ends so (default: each). Asked by `doctor`, it tells of an environment
 * without GPUs in which all is there.
 *
 * @returns the program's full path, for the `python` option of a backend.
 */
export async function writeFakeTrainer(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, PROGRAM);
  await chmod(path, 0o755);
  return resolve(path);
}

const PROGRAM = `#!/usr/bin/env bash
set -u
if [ "$1" = scripts/merge_adapter.py ]; then
  mkdir -p "$3" && printf 'merged' >"$3/model.safetensors"
  exit
fi
if [ "$1" = -c ]; then
  printf '%s' '{"python":"3.11.0","gpus":[],"freeDiskBytes":1e12,"packages":{"torch":"0","trl":"0","transformers":"0",'
  printf '%s' '"peft":"0","accelerate":"0","datasets":"0","gguf":"0"},"model":{"error":null,"parameters":1000,'
  printf '%s\\n' '"vocabulary":100,"contextLength":8192,"template":null}}'
  exit
fi
if [ "$1 \${2-}" != '-m accelerate.commands.launch' ]; then
  echo "fake trainer: $*" >&2
  exit 2
fi
config=\${@: -1}
setting() { sed -n "s/^$1: *//p" "$config" | tail -n 1; }
output=$(setting output_dir)
steps=$(setting max_steps)
mkdir -p "$output"
history="$output/log_history.jsonl"
: >>"$history"
for ((step = $(wc -l <"$history") + 1; step <= \${steps:-3}; step++)); do
  sleep "\${FAKE_STEP_SECONDS:-0.05}"
  echo "step $step of \${steps:-3}"
  echo "{\\"step\\":$step,\\"loss\\":$((step + 1)).5,\\"rewards/margins\\":0.$step}" >>"$history"
done
stage=$(basename "$config" .yaml)
if [ "\${FAKE_EXIT_CODE:-0}" != 0 ] && [ "\${FAKE_FAILING_STAGE:-$stage}" = "$stage" ]; then
  echo 'ValueError: told to fail' >&2
  exit "$FAKE_EXIT_CODE"
fi
printf 'weights' >"$output/model.safetensors"
`;
