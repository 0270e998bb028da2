import { shellQuote } from '../internal/shell-quote.ts';

/** A step of `run.sh`: the training of a stage, or what has to be done with its result. */
export interface RunStep {
  /** Letters, digits, `-` and `_`: names the file that tells it is done. */
  readonly name: string;
  /** Where it leaves its result, relative to the job's folder. */
  readonly output: string;
  /**
   * Of a training: options of `accelerate launch`. Every node takes part in it, and broken off it goes on with what it
   * left. Any other step is the first node's alone and begins with nothing.
   */
  readonly launch?: readonly string[];
  /** A Python script and its words. */
  readonly words: readonly string[];
}

/**
 * The program of a job, for any machine with bash. Steps run in order up to the first that fails; run again, it goes
 * on with the first that is not done, a training from its newest checkpoint. `ALOE_PYTHON` names the interpreter, `NODE_RANK` and `MASTER_ADDR` this node
 * and the first one.
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
    // As a module: the program `accelerate` begins with the path of an interpreter, which must not hold spaces.
    const launcher = ['-m', 'accelerate.commands.launch', ...launch].join(' ');
    return `step ${name} everywhere ${output} ${launcher}${place} ${script}\n`;
  });
  return `${HEAD}${variables.join('')}${nodes > 1 ? PLACE : ''}\n${calls.join('')}`;
}

/** Its variables begin with `aloe_`: whatever the job's own are called, they meet none of them. */
const HEAD = `#!/usr/bin/env bash
# Trains step after step. Run again, it goes on with the first step that is not done, a training from its newest checkpoint.
set -u
cd -- "$(dirname -- "$0")" || exit 1
aloe_python=\${ALOE_PYTHON:-python3}
export PYTHONUNBUFFERED=1
aloe_rank=\${NODE_RANK:-0}

leave() {
  local aloe_status=$?
  if [ "$aloe_rank" = 0 ]; then
    printf '%s\\n' "$aloe_status" >exit_code.partial && mv exit_code.partial exit_code
  fi
}
trap leave EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
if [ "$aloe_rank" = 0 ]; then rm -f exit_code; fi
mkdir -p done

# A step whose result was removed is to be taken anew.
finished() {
  [ -e "done/$1" ] && [ -e "$2" ]
}

# Only the first node tidies up and says when a step is done; the others wait for its word.
step() {
  local aloe_name=$1 aloe_where=$2 aloe_output=$3
  shift 3
  finished "$aloe_name" "$aloe_output" && return
  if [ "$aloe_rank" = 0 ]; then
    # First of all: with the new result, the old word would tell the others that it is whole.
    rm -f "done/$aloe_name"
    if [ "$aloe_where" = once ]; then rm -rf -- "$aloe_output"; fi
  fi
  if [ "$aloe_rank" = 0 ] || [ "$aloe_where" = everywhere ]; then
    echo "== $aloe_name"
    "$aloe_python" "$@" || exit
  fi
  if [ "$aloe_rank" = 0 ]; then : >"done/$aloe_name"; fi
  until finished "$aloe_name" "$aloe_output"; do
    if [ -e exit_code ]; then exit 1; fi
    sleep 1
  done
}

`;

const PLACE = `: "\${MASTER_ADDR:?This job is for several nodes, and each needs NODE_RANK and the address of the first}"
aloe_place=(--machine_rank "$aloe_rank" --main_process_ip "$MASTER_ADDR" --main_process_port "\${MASTER_PORT:-29500}")
`;
