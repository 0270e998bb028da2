import { shellQuote } from '../../internal/shell-quote.ts';

/** A step of `run.sh`: the training of a stage, or the processing of its result. */
export interface RunStep {
  /** Letters, digits, `-` and `_`. Also names the file that marks the step as done. */
  readonly name: string;
  /** Where the result goes, relative to the job's directory. */
  readonly output: string;
  /**
   * For a training step: options of `accelerate launch`. It runs on every node, and resumes if interrupted. Any other
   * step runs on the first node only, and starts over if interrupted.
   */
  readonly launch?: readonly string[];
  /** A Python script and its arguments. */
  readonly words: readonly string[];
}

/**
 * The script of a job, for any machine with bash. It runs the steps in order and stops at the first failure. Run again,
 * it resumes at the first step that is not done; a training resumes from its newest checkpoint. `ALOE_PYTHON` names the
 * interpreter, `NODE_RANK` this node, and `MASTER_ADDR` the address of the first node.
 */
export function runScript(
  steps: readonly RunStep[],
  environment: Readonly<Record<string, string>>,
  nodes: number,
): string {
  const variables = Object.entries(environment).map(
    ([name, value]) => `export ${name}=${shellQuote(value)}\n`,
  );
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the shell.
  const place = nodes > 1 ? ' "${aloe_place[@]}"' : '';
  const calls = steps.map(({ name, output, launch, words }) => {
    const script = words.map(shellQuote).join(' ');
    if (launch === undefined) return `step ${name} once ${output} ${script}\n`;
    // Run as a module: the `accelerate` program has its interpreter's path in the first line, which breaks on spaces.
    const launcher = ['-m', 'accelerate.commands.launch', ...launch].join(' ');
    return `step ${name} everywhere ${output} ${launcher}${place} ${script}\n`;
  });
  return `${HEAD}${variables.join('')}${nodes > 1 ? PLACE : ''}\n${calls.join('')}`;
}

/** All its variables start with `aloe_`, so that they never collide with the job's own. */
const HEAD = `#!/usr/bin/env bash
# Runs the steps in order. Run again, it resumes at the first step that is not done, a training from its newest checkpoint.
set -u
cd -- "$(dirname -- "$0")" || exit 1
aloe_python=\${ALOE_PYTHON:-python3}
export PYTHONUNBUFFERED=1
# Python and all it starts import installed modules only, never a file in the working directory or next to a script.
export PYTHONSAFEPATH=1
aloe_rank=\${NODE_RANK:-0}
aloe_start=done/.start-$aloe_rank

leave() {
  local aloe_status=$?
  rm -f "$aloe_start"
  if [ "$aloe_rank" = 0 ]; then
    rm -rf exit_code exit_code.partial
    printf '%s\\n' "$aloe_status" >exit_code.partial && mv exit_code.partial exit_code
  fi
}
trap leave EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
if [ "$aloe_rank" = 0 ]; then rm -rf exit_code; fi
mkdir -p done
# An exit code that is older than this belongs to an earlier attempt: the first node may be about to remove it.
: >"$aloe_start" || exit

# A result is complete once it has weights. Checkpoints are in directories of their own.
has_weights() {
  local aloe_file
  for aloe_file in "$1"/*.safetensors; do
    if [ -f "$aloe_file" ] && [ -s "$aloe_file" ]; then return 0; fi
  done
  return 1
}

# A step whose result was removed runs again.
finished() {
  [ -e "done/$1" ] && has_weights "$2"
}

# Only the first node cleans up and marks a step as done. The others wait for that mark.
step() {
  local aloe_name=$1 aloe_where=$2 aloe_output=$3
  shift 3
  finished "$aloe_name" "$aloe_output" && return
  if [ "$aloe_rank" = 0 ]; then
    # Do this first: next to a new, unfinished result, the old mark would tell the other nodes that it is complete.
    rm -f "done/$aloe_name"
    if [ "$aloe_where" = once ]; then rm -rf -- "$aloe_output"; fi
  fi
  if [ "$aloe_rank" = 0 ] || [ "$aloe_where" = everywhere ]; then
    echo "== $aloe_name"
    "$aloe_python" "$@" || exit
  fi
  if [ "$aloe_rank" = 0 ]; then
    if ! has_weights "$aloe_output"; then
      echo "RuntimeError: $aloe_name exited with code 0, but left no weights in $aloe_output" >&2
      exit 1
    fi
    : >"done/$aloe_name" || exit
    return
  fi
  finished "$aloe_name" "$aloe_output" || echo "Waiting until the first node has finished $aloe_name."
  until finished "$aloe_name" "$aloe_output"; do
    if [ exit_code -nt "$aloe_start" ]; then exit 1; fi
    sleep 1
  done
}

`;

const PLACE = `: "\${MASTER_ADDR:?This job is for several nodes: set NODE_RANK and the address of the first node}"
aloe_place=(--machine_rank "$aloe_rank" --main_process_ip "$MASTER_ADDR" --main_process_port "\${MASTER_PORT:-29500}")
`;
