import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeFakeTrainer } from '../../../src/testing/fake-trainer.ts';
import { pullWeights } from '../../../src/weights/pull-weights.ts';
import { type Finished, ROOT, runProgram } from '../../cli/run-program.ts';
import { startTeacherServer, teach } from '../../cli/teacher-server.ts';
import { type BatchServer, startBatchServer } from '../../models/batch/batch-server.ts';
import type { ChatServer } from '../../models/chat-server.ts';

const EXAMPLES: readonly {
  file: string;
  args?: readonly string[];
  shows: readonly RegExp[];
  writes: readonly string[];
  /** On a server with a batch API. */
  inBatches?: boolean;
}[] = [
  {
    file: 'metrics.ts',
    shows: [/^AL\(k\): 2\.25 2\.75 3\.14 3\.88 4\.38$/m, /^Intervals: average \{ low: 2\.7/m, /kappa: 0\.58/],
    writes: [],
  },
  {
    file: 'notebook.ts',
    shows: [
      /^ {2}F1 \w/m,
      /^ {2}rejected: /m,
      /^trl-kto\.train\.jsonl: \d+ rows$/m,
      /^\| adaptive \| \d/m,
      /^(adaptive|bare), \+\d/m,
    ],
    writes: ['runs/notebook/data/trl-dpo.train.jsonl'],
  },
  {
    file: 'abilities.ts',
    args: ['base.abilities.json'],
    shows: [/^12 of 12: \S+ (?:not )?followed$/m, /^\| instructions followed, of 12 \| 0\.\d/m],
    writes: ['base.abilities.json'],
  },
  {
    file: 'demo.ts',
    shows: [/^12 profiles, 10 personalities$/m, /^\| adaptive \| \d\.\d\d /m, /^adaptive minus bare: \d/m],
    writes: ['runs/demo/data/trl-dpo.train.jsonl', 'runs/demo/report.html'],
  },
  {
    file: 'grow-personas.ts',
    shows: [
      /^profiles: \d+ of 40$/m,
      /^personalities: \d+ of 20$/m,
      /^One of \d+ personas, profile-seed-01/m,
    ],
    writes: ['runs/grow-personas/pool.json'],
  },
  {
    file: 'build-conversations.ts',
    args: ['2', '3'],
    shows: [/turn 3 of 3$/m, /^user: /m, /^> (preferred|rejected): /m],
    writes: ['runs/build-conversations/conversations.jsonl'],
  },
  {
    file: 'export-preferences.ts',
    args: ['runs/build-conversations/conversations.jsonl', 'data'],
    shows: [/^6 decision points in 2 conversations \(0 broke off\)$/m, /^trl-dpo: \d+ training rows/m],
    writes: ['data/manifest.json', 'data/trl-sft.train.jsonl', 'data/trl-dpo.train.jsonl'],
  },
  {
    file: 'train.ts',
    args: ['data/trl-sft.train.jsonl', 'data/trl-dpo.train.jsonl'],
    shows: [
      /^running/m,
      /^dpo 3: loss 4\.5, reward margin 0\.3$/m,
      /^6 files; the model is in .*\/dpo\/model$/m,
    ],
    writes: [],
  },
  {
    file: 'own-backend.ts',
    args: ['data/trl-sft.train.jsonl', 'data/trl-dpo.train.jsonl'],
    shows: [/^dpo 3 \{ loss: 4\.5, 'rewards\/margins': 0\.3 \}$/m, /\/dpo\/model\/model\.safetensors$/m],
    writes: [],
  },
  {
    file: 'export-all-formats.ts',
    args: ['all-formats'],
    shows: [
      /^trl-kto\.train\.jsonl: \d+ rows, 0 errors, 0 warnings$/m,
      /^llama-factory-dpo\.train\.jsonl: \d+ rows, 0 errors/m,
      /^trl-dpo-parquet\.train\.parquet: \d+ rows, 0 errors/m,
    ],
    writes: ['all-formats/README.md', 'all-formats/dataset_info.json', 'all-formats/axolotl-dpo.yaml'],
  },
  {
    file: 'evaluate.ts',
    args: ['2', '3'],
    shows: [/, turn 3: [1-5]$/m, /^\| Model \| k=1 /m, /^Told the persona: -?\d/m],
    writes: ['runs/evaluate/bare.json', 'runs/evaluate/told.json'],
  },
  {
    file: 'report.ts',
    args: [
      'runs/evaluate/bare.json',
      'runs/evaluate/told.json',
      'runs/build-conversations/conversations.jsonl',
    ],
    shows: [
      /^# Alignment report$/m,
      /^\| Model \| k=1 /m,
      /^Open runs\/report\/report\.html in a browser\.$/m,
    ],
    writes: ['runs/report/report.html', 'runs/report/report.md', 'runs/report/levels.svg'],
  },
  {
    file: 'telemetry.ts',
    args: ['1', '2'],
    shows: [/^aloe-001: average [1-5]/m, /^ {2}turn 2, judge: chat tiny\S*, 20 \+ 5 tokens, \d+ ms$/m],
    writes: ['runs/telemetry/run.json'],
  },
  {
    file: 'push-to-hub.ts',
    args: ['data', 'me/bees'],
    shows: [/^trl-dpo\.train\.jsonl, \d+ bytes$/m, /^Nothing was pushed to https:\S+\/me\/bees\.$/m],
    writes: [],
  },
  {
    file: 'rows.ts',
    args: [
      'runs/evaluate/bare.json',
      'runs/evaluate/told.json',
      'runs/build-conversations/conversations.jsonl',
    ],
    shows: [/ownMinusOther/, /^12 turns, 4 cases, 6 pairs in runs\/rows$/m],
    writes: ['runs/rows/turns.jsonl', 'runs/rows/cases.csv', 'runs/rows/pairs.csv'],
  },
  {
    file: 'agreement.ts',
    args: ['runs/evaluate/bare.json'],
    shows: [/^6 responses to rate\./m],
    writes: ['runs/agreement/rate.html', 'runs/agreement/rate.csv', 'runs/agreement/key.json'],
  },
  {
    file: 'judge-bias.ts',
    args: ['runs/evaluate/bare.json', 'runs/evaluate/told.json'],
    shows: [/^Estimate: 1\d\d model calls, /m, /^12 of 12 responses$/m, /^\| Own minus other persona \| /m],
    writes: ['runs/judge-bias/run.json'],
  },
  {
    file: 'rule-judge.ts',
    args: ['8', '4'],
    shows: [/^\| same to everybody \| 3\.00 \| /m, /^Listening is worth 1\.\d\d points/m, /^ {2}yes \w/m],
    writes: [],
  },
  {
    file: 'adaptive.ts',
    args: ['2', '2'],
    shows: [
      /^ {2}noted: Likes it short$/m,
      /^model: /m,
      /^stored: Likes it short$/m,
      /^\| adaptive \| [1-5]/m,
    ],
    writes: ['runs/adaptive/run.json'],
  },
  {
    file: 'batches.ts',
    args: ['runs/evaluate/bare.json'],
    shows: [
      /^6 verdicts are asked for in batch_2\n\| Model \|/,
      /^\| tiny@r1 \| [1-5].*\n\| tiny@r1 \| [1-5]/m,
    ],
    writes: ['runs/batches/batches.jsonl'],
    inBatches: true,
  },
  {
    file: 'adaptive-ai-sdk.ts',
    shows: [/^known before: –$/m, /^ {2}noted: Likes it short$/m, /^model: Sounds like /m],
    writes: ['runs/adaptive-ai-sdk/ann.json'],
  },
  {
    file: 'pipeline.ts',
    shows: [
      /^Estimate: \d+ model calls, /m,
      /^conversation 2 of 2: runs\/pipeline\/conversations\.jsonl$/m,
      /^trl-dpo\.train\.jsonl: \d+ rows$/m,
      /^\| adaptive \| [1-5]/m,
      /^Open runs\/pipeline\/report\.html in a browser\.$/m,
    ],
    writes: ['runs/pipeline/personas.json', 'runs/pipeline/results/adaptive.json'],
  },
  {
    file: 'whole-road.ts',
    shows: [/^\d+ profiles, \d+ personalities$/m, /trl-dpo\.train\.jsonl: \d+ rows$/m, /^\| Model \| k=1 /m],
    writes: [
      'runs/whole-road/personas.json',
      'runs/whole-road/conversations.jsonl',
      'runs/whole-road/data/manifest.json',
    ],
  },
];

describe('examples', () => {
  let folder: string;
  let server: ChatServer;
  let batchServer: BatchServer;
  let python: string;

  /** As `npx tsx examples/<file>` runs it, on this checkout's sources and in a folder of its own. */
  const run = (
    file: string,
    args: readonly string[] = [],
    env: Record<string, string> = {},
  ): Promise<Finished> =>
    runProgram(['--import', import.meta.resolve('tsx'), join(ROOT, 'examples', file), ...args], {
      cwd: folder,
      env: { TSX_TSCONFIG_PATH: join(ROOT, 'tsconfig.json'), NO_COLOR: '1', ...env },
    });
  const settings = () => ({
    OPENAI_API_KEY: 'any',
    OPENAI_BASE_URL: server.baseUrl,
    MODEL: 'tiny',
    MODEL_REVISION: 'r1',
    PYTHON: python,
  });

  beforeAll(async () => {
    await pullWeights({ sets: ['all-minilm-l6-v2'] });
    folder = await mkdtemp(join(tmpdir(), 'aloe-examples-'));
    server = await startTeacherServer();
    batchServer = Object.assign(await startBatchServer(), { reply: teach, pollsUntilDone: 1 });
    python = await writeFakeTrainer(join(folder, 'python'));
  }, 300_000);
  afterAll(async () => {
    await Promise.all([server?.close(), batchServer?.close()]);
    await rm(folder, { recursive: true, force: true });
  });

  test('each one is run here and has its line in the README', async () => {
    const files = (await readdir(join(ROOT, 'examples'))).filter((name) => name.endsWith('.ts'));
    expect(files.sort()).toEqual(EXAMPLES.map(({ file }) => file).sort());
    const readme = await readFile(join(ROOT, 'examples/README.md'), 'utf8');
    for (const file of files) expect(readme).toContain(`[${file}](${file})`);
  });

  test.each(EXAMPLES)('$file does what it says', async ({ file, args, shows, writes, inBatches }) => {
    const { code, stdout, stderr } = await run(file, args, {
      ...settings(),
      ...(inBatches && { OPENAI_BASE_URL: batchServer.baseUrl }),
    });
    expect(stderr).toBe('');
    expect(code).toBe(0);
    for (const line of shows) expect(stdout).toMatch(line);
    for (const path of writes) expect(await readFile(join(folder, path), 'utf8'), path).not.toBe('');
    expect(server.seen.every(({ body }) => body.model === 'tiny')).toBe(true);
  });

  test('agreement.ts prints how far the judge agrees with whoever filled in the table', async () => {
    const table = await readFile(join(folder, 'runs/agreement/rate.csv'), 'utf8');
    await writeFile(join(folder, 'Ann.csv'), table.replace(/,,\r\n/g, ',4,\r\n'));
    const { stdout } = await run('agreement.ts', ['runs/agreement/key.json', 'Ann.csv']);
    expect(stdout).toMatch(/^\| judge and Ann \| 6\/6 \|/m);
  });

  test('the whole road, run again, makes no call', async () => {
    const calls = server.seen.length;
    const { stdout } = await run('whole-road.ts', [], settings());
    expect(stdout).toMatch(/^0 model calls \([1-9]\d* from cache\)$/m);
    expect(server.seen.length).toBe(calls);
  });

  test.each([
    'grow-personas.ts',
    'batches.ts',
    'build-conversations.ts',
    'evaluate.ts',
    'adaptive.ts',
    'adaptive-ai-sdk.ts',
    'telemetry.ts',
    'whole-road.ts',
  ])('%s without a key says which variable to set', async (file) => {
    const { code, stderr } = await run(file);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Set OPENAI_API_KEY/);
  });
});
