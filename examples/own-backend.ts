/**
 * Your own training backend: trains on any machine with a shell, such as a GPU machine over ssh or a container.
 * `docs/extending/training-backend.md` explains it; a test runs the conformance suite on it.
 *
 *     npx tsx examples/own-backend.ts data/trl-sft.train.jsonl data/trl-dpo.train.jsonl
 *
 * PYTHON is a Python with TRL; BASE_MODEL is a hub id or a directory.
 */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { InvalidOptionError, TrainingError } from 'aloe-align';
import {
  type BackendCallOptions,
  followTraining,
  interactToAlign,
  renderJob,
  type TrainingBackend,
  type TrainingHandle,
  type TrainingMetric,
  type TrainingStatus,
} from 'aloe-align/training';

/** Runs a program on the training machine with `input` on stdin, and resolves to its stdout. */
type Remote = (command: readonly string[], input: Uint8Array | string) => Promise<string>;

export interface ShellBackendOptions {
  /** Absolute path on the training machine. Each job gets a directory here, named after its id. */
  readonly dir: string;
  /** A Python with TRL on that machine. Default `python3`. */
  readonly python?: string | undefined;
  /** Default: this machine. Over ssh, quote each word and run `ssh host <words>`. */
  readonly remote?: Remote | undefined;
}

const NAME = 'shell';

/** `mkdir` lets one submitter in at a time. `set -m` gives the job a process group, so that cancelling reaches the trainer. */
const START = `cd "$1" || exit
until mkdir lock 2>/dev/null; do sleep 0.1; done
trap 'rmdir lock' EXIT
if [ "$(cat exit_code 2>/dev/null)" = 0 ]; then exit; fi
if [ ! -e exit_code ] && [ -e pid ] && kill -0 -- "-$(cat pid)" 2>/dev/null; then exit; fi
rm -f exit_code cancelled
set -m
ALOE_PYTHON=$2 nohup bash run.sh >>output.log 2>&1 </dev/null &
echo $! >pid`;

/** Prints state, exit code and reason. `run.sh` writes `exit_code` last, so a job that has one has ended. */
const STATUS = `cd "$1" 2>/dev/null && [ -e pid ] || { echo lost; exit; }
code=$(cat exit_code 2>/dev/null)
if [ "$code" = 0 ]; then echo succeeded 0
elif [ -z "$code" ] && kill -0 -- "-$(cat pid)" 2>/dev/null; then echo running
elif [ -e cancelled ]; then echo cancelled
elif [ -n "$code" ]; then echo failed "$code" "$(tail -n 1 output.log)"
else echo lost; fi`;

const CANCEL = `cd "$1" && [ ! -e exit_code ] || exit 0
: >cancelled
kill -- "-$(cat pid)" 2>/dev/null || true`;

/** Copies standard input to a file: whole or not at all, and once. */
const STORE = `[ -e "$1/$2" ] && exit
mkdir -p "$(dirname "$1/$2")" && cat >"$1/$2.$$" && mv "$1/$2.$$" "$1/$2"`;

/** A {@link TrainingBackend} for a machine with bash, and a Python with TRL. */
export function shell({ dir, python = 'python3', remote = here }: ShellBackendOptions): TrainingBackend {
  const run = (script: string, words: readonly string[], input: Uint8Array | string = '') =>
    remote(['bash', '-c', script, 'bash', ...words], input);

  async function status(
    handle: TrainingHandle,
    { signal }: BackendCallOptions = {},
  ): Promise<TrainingStatus> {
    signal?.throwIfAborted();
    const [state, code, ...reason] = (await run(STATUS, [dirOf(handle)])).trim().split(' ');
    return {
      state: state as TrainingStatus['state'],
      exitCode: code === undefined ? null : Number(code),
      reason: reason.join(' ') || null,
    };
  }

  return {
    name: NAME,
    async submit(job, { signal } = {}) {
      signal?.throwIfAborted();
      if (job.resources.nodes > 1) throw new InvalidOptionError('resources.nodes', '1', job.resources.nodes);
      const rendered = await renderJob(job);
      const id = rendered.id.slice(0, 16);
      const folder = `${dir}/${id}`;
      for (const [path, content] of Object.entries(rendered.files)) await run(STORE, [folder, path], content);
      for (const [path, file] of Object.entries(rendered.inputs)) {
        signal?.throwIfAborted();
        await run(STORE, [folder, path], await readFile(file.path));
      }
      await run(START, [folder, python]);
      return {
        schema: 'aloe-training-handle/1',
        backend: NAME,
        id,
        job: { name: job.name, id: rendered.id },
        submittedAt: new Date().toISOString(),
        location: { dir: folder },
      };
    },
    async preview(job) {
      const { id, files, inputs } = await renderJob(job);
      const folder = `${dir}/${id.slice(0, 16)}`;
      const copies = Object.entries(inputs).map(([path, file]) => `copy ${file.path} to ${folder}/${path}`);
      return { actions: [...copies, `in ${folder}: ALOE_PYTHON=${python} bash run.sh`], files };
    },
    status,
    async logs(handle, cursor = '0') {
      const unread = await run('tail -n "+$(($2 + 1))" "$1/output.log"', [dirOf(handle), cursor]);
      // Whole lines only: the last one may still grow.
      const lines = unread.slice(0, unread.lastIndexOf('\n') + 1);
      return { text: lines, cursor: String(Number(cursor) + lines.split('\n').length - 1) };
    },
    async metrics(handle) {
      const folder = dirOf(handle);
      const { stages } = JSON.parse(await run('cat "$1/manifest.json"', [folder])) as JobManifest;
      const metrics: TrainingMetric[] = [];
      for (const { name, training } of stages) {
        const history = await run('cat "$1/log_history.jsonl" 2>/dev/null || true', [
          `${folder}/${training}`,
        ]);
        for (const line of history.split('\n').slice(0, -1)) metrics.push(readStep(name, line));
      }
      return metrics;
    },
    async cancel(handle) {
      await run(CANCEL, [dirOf(handle)]);
    },
    async artifacts(handle) {
      if ((await status(handle)).state !== 'succeeded') return [];
      const folder = dirOf(handle);
      const { outputs } = JSON.parse(await run('cat "$1/manifest.json"', [folder])) as JobManifest;
      const list = 'cd "$1" && shift && find "$@" -type f ! -path "*/checkpoint-*" -exec sha256sum {} +';
      const sums = await run(list, [folder, ...outputs]);
      return sums
        .trim()
        .split('\n')
        .map((line) => {
          const [sha256 = '', path = ''] = line.split(/ [ *]/);
          return { path, location: `${folder}/${path}`, bytes: null, sha256 };
        });
    },
    async check() {
      try {
        await run('"$1" -c "import trl"', [python]);
        return [{ check: 'python', level: 'ok', message: `${python} has TRL.`, remedy: null }];
      } catch (error) {
        const remedy = 'Install TRL on the machine that trains, and name its Python.';
        return [{ check: 'python', level: 'error', message: (error as Error).message, remedy }];
      }
    },
  };
}

/** `manifest.json` in a job's directory. */
interface JobManifest {
  readonly stages: readonly { readonly name: string; readonly training: string }[];
  readonly outputs: readonly string[];
}

/** One line of a stage's `log_history.jsonl`. Python writes NaN and Infinity, which JSON does not have. */
function readStep(stage: string, line: string): TrainingMetric {
  const { step, ...entries } = JSON.parse(line.replace(/-?\bInfinity\b|\bNaN\b/g, 'null'));
  const values = Object.entries<number>(entries).filter(([, value]) => Number.isFinite(value));
  return { stage, step, values: Object.fromEntries(values) };
}

/** @throws InvalidOptionError for another backend's handle. */
function dirOf(handle: TrainingHandle): string {
  const { dir } = handle.location;
  if (handle.backend !== NAME || dir === undefined) {
    throw new InvalidOptionError('handle', `a handle of the backend "${NAME}"`, handle.backend);
  }
  return dir;
}

/** @throws TrainingError with what the program wrote to standard error, if it fails. */
async function here(
  [program = '', ...words]: readonly string[],
  input: Uint8Array | string,
): Promise<string> {
  const child = spawn(program, words);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  // A script that does not read its input closes the pipe early.
  child.stdin.on('error', () => {}).end(input);
  const [code, output, problem] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  if (code !== 0) throw new TrainingError(NAME, `exit code ${code}: ${problem.trim()}`);
  return output;
}

async function main([
  sft = 'data/trl-sft.train.jsonl',
  dpo = 'data/trl-dpo.train.jsonl',
]: readonly string[]): Promise<void> {
  const { PYTHON, BASE_MODEL = 'HuggingFaceTB/SmolLM2-135M-Instruct' } = process.env;
  const backend = shell({ dir: `${process.cwd()}/runs/own-backend`, python: PYTHON });
  const job = await interactToAlign({ base: BASE_MODEL, sft, dpo, resources: { gpus: 0 } });
  const handle = await backend.submit(job);
  for await (const event of followTraining(backend, handle, { pollMs: 500 })) {
    if (event.type === 'metric-logged')
      console.log(event.metric.stage, event.metric.step, event.metric.values);
  }
  for (const { location } of await backend.artifacts(handle)) console.log(location);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(process.argv.slice(2));
