import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Writes a program that stands in for Python with TRL, so that training jobs finish in moments, without a model. It runs
 * `max_steps` steps, logs made-up metrics and writes a result where TRL would. If interrupted, it resumes. To `doctor`, it
 * reports a complete environment without GPUs.
 *
 * The job's environment variables control it: `FAKE_STEP_SECONDS` is the duration of a step (default 0.05),
 * `FAKE_EXIT_CODE` the exit code (default 0), and `FAKE_FAILING_STAGE` the only stage to end with that code (default: all
 * stages).
 *
 * @param path Where to write the program. Missing directories are created.
 * @returns The program's absolute path, for the `python` option of a backend.
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
  printf '%s\\n' '"vocabulary":100,"contextLength":8192,"processor":null,"templates":[]},"options":{"sft":null,"dpo":null}}'
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
