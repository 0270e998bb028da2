/**
 * The main job against a model that you have, from the packed package, in about ten minutes. Ends with a row for
 * docs/tested-with.md.
 *
 *   npm run smoke -- --model openai:gpt-4o-mini
 *   npm run smoke -- --model openai-compatible:qwen3@http://localhost:8000/v1 --name "vLLM 0.12, Qwen3-8B"
 *   npm run smoke -- --model ai-sdk:@ai-sdk/anthropic:claude-sonnet-4-5 --judge-model openai:gpt-4o
 *
 * It packs and installs the package in an empty folder, asks the models (`aloe doctor`), says what it will cost, runs the whole
 * method small, kills that once with SIGKILL, resumes it, replays it without a call, checks the training files and compares the
 * candidates. Any step that does not do what it should ends it with status 1.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { VERSION } from '../src/internal/version.ts';

const { values: flags } = parseArgs({
  options: {
    model: { type: 'string' },
    'judge-model': { type: 'string' },
    'user-model': { type: 'string' },
    name: { type: 'string' },
    /** Milliseconds after which the run is killed once. */
    'kill-after': { type: 'string', default: '20000' },
  },
});
if (flags.model === undefined) {
  console.error('Name a model: npm run smoke -- --model openai:gpt-4o-mini');
  process.exit(2);
}
const model = flags.model;

const root = new URL('..', import.meta.url).pathname;
const folder = await mkdtemp(join(tmpdir(), 'aloe-smoke-'));
const start = performance.now();

function say(text: string): void {
  console.error(`\n== ${text}`);
}

function stop(text: string): never {
  console.error(`\nNot passed: ${text}\nEverything is in ${folder}.`);
  process.exit(1);
}

function sh(command: string, words: readonly string[], cwd: string): void {
  const { status } = spawnSync(command, words, { cwd, stdio: ['ignore', 2, 2] });
  if (status !== 0) stop(`${command} ${words.join(' ')} ended with ${status}.`);
}

/** What this script reads of what the commands print. */
interface Printed {
  readonly checks: readonly { readonly roles: readonly string[]; readonly message: string }[];
  readonly estimate: { readonly total: { readonly typical: { readonly calls: number } } };
  readonly report: string;
  readonly data: string;
  readonly evaluations: readonly { readonly path: string; readonly average: number | null }[];
  readonly cost: { readonly calls: number };
}

interface Ended {
  /** Null if it was killed. */
  readonly status: number | null;
  readonly json: Printed;
}

/** Runs a command of the installed package, and kills it after so many milliseconds. */
function aloe(words: readonly string[], killAfterMs?: number): Promise<Ended> {
  say(`aloe ${words.join(' ')}`);
  const child = spawn(join(folder, 'node_modules/.bin/aloe'), [...words, '--json'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (status) => {
      clearTimeout(timer);
      resolve({ status, json: (status === null ? {} : JSON.parse(out)) as Printed });
    });
  });
}

/** Packages that a reference needs beside the library. */
function peersOf(reference: string): readonly string[] {
  if (/^(?:gguf:|hf:|embedded$)/.test(reference)) return ['node-llama-cpp'];
  return reference.startsWith('ai-sdk:') ? ['ai', reference.split(':')[1]!] : [];
}

say('Packing and installing');
sh('npm', ['run', '--silent', 'build'], root);
sh('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], root);
await writeFile(join(folder, 'package.json'), '{"private": true, "type": "module"}\n');
const references = [model, flags['judge-model'], flags['user-model']].filter((given) => given !== undefined);
const peers = [...new Set(references.flatMap(peersOf))];
sh('npm', ['install', '--no-audit', '--no-fund', `aloe-align-${VERSION}.tgz`, ...peers], folder);

const config = {
  run: 'runs/smoke',
  seed: 7,
  // The server is the same all the time.
  sameModel: true,
  models: {
    default: model,
    ...(flags['judge-model'] && { judge: flags['judge-model'] }),
    ...(flags['user-model'] && { user: flags['user-model'] }),
    embedder: 'lexical',
  },
  budget: { tokens: 1_500_000 },
  personas: { profiles: 24, personalities: 24, entriesPerCall: 4 },
  conversations: { personas: 4, turns: 3 },
  evaluation: { candidates: ['bare', 'adaptive'], cases: 4, turns: 3 },
};
await writeFile(join(folder, 'aloe.config.json'), `${JSON.stringify(config, null, 2)}\n`);

const doctor = await aloe(['doctor']);
if (doctor.status !== 0) stop('a model does not answer.');
for (const { roles, message } of doctor.json.checks) console.error(`${roles.join(', ')}: ${message}`);
const { estimate } = (await aloe(['estimate'])).json;
console.error(`About ${estimate.total.typical.calls} calls.`);

const killed = await aloe(['run'], Number(flags['kill-after']));
if (killed.status === null) say('Killed. Running it again');
const whole = killed.status === null ? await aloe(['run']) : killed;
if (whole.status !== 0) stop(`aloe run ended with ${whole.status}.`);
const replayed = await aloe(['run']);
if (replayed.status !== 0 || replayed.json.cost.calls !== 0) {
  stop(`the replay ended with ${replayed.status}, or made calls.`);
}
const [base, other] = whole.json.evaluations;
if (base === undefined || other === undefined) stop('a result is missing.');
for (const path of [whole.json.report, base.path, other.path]) {
  if (!existsSync(join(folder, path))) stop(`${path} is missing.`);
}
const data = join(whole.json.data, 'trl-dpo.train.jsonl');
const validated = await aloe(['data', 'validate', data]);
if (validated.status !== 0) stop('a training file has problems.');
const rows = (await readFile(join(folder, data), 'utf8')).trim().split('\n').length;
if ((await aloe(['compare', base.path, other.path])).status !== 0) stop('aloe compare failed.');

const minutes = (performance.now() - start) / 60_000;
const date = new Date().toISOString().slice(0, 10);
const level = (value: number | null) => (value === null ? 'none' : value.toFixed(2));
console.error(`\nPassed. Everything is in ${folder}. Read ${whole.json.report}, and add this row:\n`);
console.log(
  `| ${flags.name ?? references.join(', ')} | aloe-align ${VERSION}, Node ${process.versions.node} | ${date}, \`npm run smoke\`: ` +
    `${estimate.total.typical.calls} calls planned, killed once, ${rows} pairs, AL bare ${level(base.average)}, adaptive ${level(other.average)}, ${minutes.toFixed(0)} min |`,
);
