import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readAbilities } from '../../src/abilities/index.ts';
import { openPipeline } from '../../src/pipeline/index.ts';
import {
  estimateReproduction,
  paperConfig,
  REPRODUCED_PARTS,
  type ReproduceOptions,
  type ReproductionStep,
  reproduceTable,
} from '../../src/reproduce/index.ts';
import { fakeEmbedder, scriptedModel } from '../../src/testing/index.ts';
import type { OpenWeights } from '../../src/training/serving/open-weights.ts';
import { teach } from '../cli/teacher-server.ts';
import { folderTrainer } from './folder-trainer.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aloe-reproduce-'));
  await mkdir(join(dir, 'base'));
  await writeFile(join(dir, 'base', 'config.json'), '{}');
  const chat = Array.from({ length: 30 }, (_, index) => ({
    messages: [
      { role: 'user', content: `What is ${index} plus one?` },
      { role: 'assistant', content: `It is ${index + 1}, one more than ${index}.` },
    ],
  }));
  await writeFile(join(dir, 'chat.jsonl'), chat.map((row) => `${JSON.stringify(row)}\n`).join(''));
});
afterAll(() => rm(dir, { recursive: true }));

const teacher = () =>
  scriptedModel(({ messages, seed, outputSchema }) =>
    teach({ messages: [...messages], seed, response_format: outputSchema && { json_schema: outputSchema } }),
  );

/** Serves any directory as a model that says which one it is. */
function countingServe(): { readonly serve: OpenWeights; readonly served: string[] } {
  const served: string[] = [];
  return {
    served,
    serve: async (directory) => {
      served.push(directory);
      return {
        model: scriptedModel(() => `I was served from ${directory.slice(-9)}.`),
        close: async () => {},
      };
    },
  };
}

const config = (run: string, model = teacher()) =>
  paperConfig(
    {
      run,
      seed: 7,
      models: { default: model, embedder: fakeEmbedder() },
      conversations: { personas: 3, turns: 2 },
      evaluation: { cases: 2, turns: 2 },
    },
    'small',
  );

interface Reproduced {
  readonly steps: readonly ReproductionStep[];
  readonly calls: number;
}

async function reproduce(run: string, options: ReproduceOptions, until?: string): Promise<Reproduced> {
  const pipeline = await openPipeline(config(run), { parts: REPRODUCED_PARTS });
  const steps: ReproductionStep[] = [];
  try {
    for await (const step of reproduceTable(pipeline, options)) {
      steps.push(step);
      if (step.stage === until) break;
    }
    return { steps, calls: pipeline.run.stats().calls };
  } finally {
    await pipeline.close();
  }
}

function optionsFor(run: string, more: Partial<ReproduceOptions> = {}) {
  const backend = folderTrainer(join(run, 'training'));
  const counting = countingServe();
  const bases = [{ model: join(dir, 'base'), name: 'Tiny-1M' }];
  const options: ReproduceOptions = { table: 'table1', bases, backend, serve: counting.serve, ...more };
  return { options, backend, served: counting.served };
}

function tableOf({ steps }: Reproduced): Extract<ReproductionStep, { stage: 'table' }> {
  const last = steps.at(-1);
  if (last?.stage !== 'table') throw new Error('There is no table.');
  return last;
}

test('variables of the chat template stand in every training file', async () => {
  const run = join(dir, 'variables');
  const chatTemplateKwargs = { enable_thinking: false };
  const pipeline = await openPipeline(
    { ...config(run), export: { chatTemplateKwargs } },
    { parts: REPRODUCED_PARTS },
  );
  for await (const { stage } of reproduceTable(pipeline, optionsFor(run).options)) {
    if (stage === 'export') break;
  }
  await pipeline.close();
  for (const name of ['trl-sft', 'trl-sft-rejected', 'trl-dpo']) {
    const lines = (await readFile(join(run, 'data', `${name}.train.jsonl`), 'utf8')).trim().split('\n');
    for (const line of lines)
      expect(JSON.parse(line)).toMatchObject({ chat_template_kwargs: chatTemplateKwargs });
  }
});

test('Table 1 comes from one call, and a second one makes no call, trains nothing and serves nothing', async () => {
  const run = join(dir, 'whole');
  const first = optionsFor(run);
  const reproduced = await reproduce(run, first.options);
  expect(reproduced.steps.map(({ stage }) => stage)).toEqual([
    'personas',
    ...['conversation', 'conversation', 'conversation'],
    'export',
    ...['training', 'training'],
    ...['evaluation', 'evaluation', 'evaluation', 'evaluation'],
    'table',
  ]);
  expect(first.backend.started).toEqual(['Tiny-1M, preferred', 'Tiny-1M, rejected']);
  // The base itself, then the stage of each row.
  expect(first.served.map((path) => path.split('/').slice(-2).join('/'))).toEqual([
    expect.stringMatching(/\/base$/),
    'dpo/model',
    'sft/model',
    'sft/model',
  ]);
  expect(new Set(first.served).size).toBe(4);
  const table = tableOf(reproduced);
  expect(table.rows.map(({ type }) => type)).toEqual(['Base', 'Ours', 'SFT-Preferred', 'SFT-Rejected']);

  const again = optionsFor(run);
  const replayed = await reproduce(run, again.options);
  expect(replayed.calls).toBe(0);
  expect(again.backend.started).toEqual([]);
  expect(again.served).toEqual([]);
  expect(tableOf(replayed).text).toBe(table.text);
  expect(await readFile(table.path, 'utf8')).toBe(table.text);
});

test('a table of small sizes says so, and names the sizes of the paper beside its own', async () => {
  const run = join(dir, 'whole');
  const { text } = tableOf(await reproduce(run, optionsFor(run).options));
  expect(text).toMatch(/^# Table 1, reproduced on a smaller scale\n/);
  expect(text).toMatch(
    /\*\*This is not a result of the paper's size:\*\* it has 20 of 331 profiles, .*3 of 3,310 conversations/,
  );
  expect(text).toContain('| cases | 100 | 2 |');
  expect(text).toContain('| judge | GPT-4o | rule@');
  expect(text).not.toContain('published)');
});

test.each(['conversation', 'export', 'training', 'evaluation'])(
  'what was done before an end at the stage "%s" is not done again',
  async (stage) => {
    const run = join(dir, `stopped-${stage}`);
    const whole = join(dir, 'whole');
    const all = tableOf(await reproduce(whole, optionsFor(whole).options)).text;
    const first = optionsFor(run);
    const stopped = await reproduce(run, first.options, stage);
    const second = optionsFor(run);
    const rest = await reproduce(run, second.options);
    expect(stopped.calls).toBeGreaterThan(0);
    expect([...first.backend.started, ...second.backend.started]).toHaveLength(2);
    expect(tableOf(rest).text).toBe(all);
  },
);

test('general ability of each row is measured on request, saved, and shown beside alignment', async () => {
  const run = join(dir, 'whole');
  const { options } = optionsFor(run, { abilities: { count: 5 } });
  const first = await reproduce(run, options);
  // Each row is asked the same five requests.
  expect(first.calls).toBe(4 * 5);
  const results = first.steps.flatMap((step) => (step.stage === 'evaluation' ? [step.abilities!] : []));
  expect(results.map(({ result }) => result.candidate.name)).toEqual([
    'Tiny-1M, Base',
    expect.stringMatching(/^Tiny-1M, Ours \w+$/),
    expect.stringMatching(/^Tiny-1M, SFT-Preferred \w+$/),
    expect.stringMatching(/^Tiny-1M, SFT-Rejected \w+$/),
  ]);
  expect(await readAbilities(results[1]!.path)).toEqual(results[1]!.result);
  const { text, report } = tableOf(first);
  expect(text).toContain('| instructions followed, of 5 |');
  expect(text.match(/General ability, .* - Tiny-1M, Base:/g)).toHaveLength(3);
  expect(await readFile(report, 'utf8')).toContain('id="abilities"');

  const again = optionsFor(run, { abilities: { count: 5 } });
  expect((await reproduce(run, again.options)).calls).toBe(0);
  expect(again.served).toEqual([]);
});

test('Table 2 trains on the mixture, the general rows alone and the conversations alone', async () => {
  const run = join(dir, 'second');
  const generalChat = { path: join(dir, 'chat.jsonl'), ratio: 1 };
  const { options, backend } = optionsFor(run, { table: 'table2', generalChat });
  const { text, rows } = tableOf(await reproduce(run, options));
  expect(backend.started).toEqual(['Tiny-1M, mixture', 'Tiny-1M, general', 'Tiny-1M, unmixed']);
  expect(rows.map(({ type }) => type)).toEqual(['Mixture', 'CodeActInstruct', 'Preferred']);
  expect(text).toContain('| Data Type |');
});

test('Table 2 without general chat data, an unknown option and two bases of one name are refused before a call', async () => {
  const run = join(dir, 'refused');
  const { options } = optionsFor(run);
  await expect(reproduce(run, { ...options, table: 'table2' })).rejects.toThrow(/generalChat.*Table 2/);
  const misspelt = { ...options, recipee: {} } as ReproduceOptions;
  await expect(reproduce(run, misspelt)).rejects.toThrow(/no option "recipee".*\n?.*"recipe"/);
  const bases = [options.bases[0]!, options.bases[0]!];
  await expect(reproduce(run, { ...options, bases })).rejects.toThrow(/a different name for each/);
});

test.each<[string, Partial<ReproduceOptions>, RegExp]>([
  ['a preset', { recipe: { preset: 'full' as 'lora' } }, /"preset": expected one of "lora", "paper"/],
  ['a base model', { bases: [{ model: './none' }] }, /"base": expected an existing directory/],
  ['a share of general chat', { generalChat: { path: 'chat.jsonl', ratio: 0 } }, /"generalChat\.ratio"/],
  [
    'a file of general chat',
    { generalChat: { path: 'none.jsonl', ratio: 1 } },
    /none\.jsonl: cannot be read \(no such file\)/,
  ],
])('%s that cannot be used is refused before a call', async (_what, more, message) => {
  const run = join(dir, 'refused');
  const pipeline = await openPipeline(config(run), { parts: REPRODUCED_PARTS });
  const options = { ...optionsFor(run).options, ...more };
  await expect(reproduceTable(pipeline, options).next()).rejects.toThrow(message);
  expect(pipeline.run.stats().calls).toBe(0);
  await pipeline.close();
});

test('a training that fails ends the reproduction with the end of its log', async () => {
  const run = join(dir, 'failed');
  const backend = folderTrainer(join(run, 'training'), 'failed');
  await expect(reproduce(run, { ...optionsFor(run).options, backend })).rejects.toThrow(
    /Tiny-1M, preferred failed[\s\S]*ValueError: no rows/,
  );
});

test('an estimate counts the calls of all rows, and none of a run that is done', async () => {
  const run = join(dir, 'whole');
  const before = await openPipeline(config(join(dir, 'fresh')), { parts: REPRODUCED_PARTS, readOnly: true });
  const planned = await estimateReproduction(before, optionsFor(run).options).finally(() => before.close());
  expect(planned.calls.roles.candidate!.calls).toBe(4 * 2 * 2);
  expect(planned.trainings.map(({ name }) => name)).toEqual(['Tiny-1M, preferred', 'Tiny-1M, rejected']);

  await reproduce(run, optionsFor(run).options);
  const after = await openPipeline(config(run), { parts: REPRODUCED_PARTS, readOnly: true });
  const done = await estimateReproduction(after, optionsFor(run).options).finally(() => after.close());
  expect(done.calls.total.typical.calls).toBe(0);
  expect(done.calls.total.typical.stored).toBeGreaterThan(0);
});
