import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describePersonas } from '../../src/cli/describe-stages.ts';
import { defineConfig } from '../../src/config/index.ts';
import { ruleCatalogue } from '../../src/personas/rules/rule-catalogue.ts';
import {
  estimatePipeline,
  evaluate,
  growPersonas,
  openPipeline,
  type PipelineStep,
  pickPersonas,
  runPipeline,
} from '../../src/pipeline/index.ts';
import { fakeEmbedder, scriptedModel } from '../../src/testing/index.ts';
import { teach } from '../cli/teacher-server.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aloe-pipeline-'));
});
afterAll(() => rm(dir, { recursive: true }));

const teacher = scriptedModel(({ messages, seed, outputSchema }) =>
  teach({ messages: [...messages], seed, response_format: outputSchema && { json_schema: outputSchema } }),
);

const config = (run: string) =>
  defineConfig({
    run,
    seed: 7,
    models: { default: teacher, embedder: fakeEmbedder() },
    personas: { profiles: 22, personalities: 22, personalitiesPerProfile: 2 },
    conversations: { personas: 3, turns: 2, continueBoth: 1 },
    export: { formats: ['trl-dpo'], validationShare: 0 },
    evaluation: {
      candidates: [{ name: 'a/b' }, { name: 'a-b', method: 'oracle' }],
      cases: 2,
      turns: 2,
    },
  });

async function runAll(run: string): Promise<PipelineStep[]> {
  const pipeline = await openPipeline(config(run));
  try {
    const steps: PipelineStep[] = [];
    for await (const step of runPipeline(pipeline)) steps.push(step);
    return steps;
  } finally {
    await pipeline.close();
  }
}

test('a config runs the whole method, and a second time without a call and to the same bytes', async () => {
  const run = join(dir, 'whole');
  const steps = await runAll(run);
  expect(steps.map(({ stage }) => stage)).toEqual([
    'personas',
    'conversation',
    'conversation',
    'conversation',
    'export',
    'evaluation',
    'evaluation',
    'report',
  ]);
  const data = await readFile(join(run, 'data', 'trl-dpo.train.jsonl'), 'utf8');
  expect((await readdir(join(run, 'results'))).sort()).toEqual(['a-b-2.json', 'a-b.json']);

  const calls = teacher.calls.length;
  await runAll(run);
  expect(teacher.calls).toHaveLength(calls);
  expect(await readFile(join(run, 'data', 'trl-dpo.train.jsonl'), 'utf8')).toBe(data);
});

test('conversations that all fail leave no rows, and the rest is done all the same', async () => {
  const { models, ...others } = config(join(dir, 'failed'));
  const mute = scriptedModel(() => 'No.');
  const pipeline = await openPipeline({ ...others, models: { ...models, inducer: mute } });
  const stages: string[] = [];
  for await (const { stage } of runPipeline(pipeline)) stages.push(stage);
  await pipeline.close();
  expect(stages.slice(-3)).toEqual(['evaluation', 'evaluation', 'report']);
  expect(await readFile(pipeline.files.report, 'utf8')).toContain('3 of 3 conversations broke off');
});

test.each(['rules', 'model'] as const)(
  'the method wrong-persona tells personas as those of the cases, judge: %s',
  async (judge) => {
    const before = teacher.calls.length;
    const pipeline = await openPipeline({
      ...config(join(dir, judge)),
      evaluation: { candidates: ['wrong-persona'], cases: 1, turns: 1, judge, otherPersona: false },
    });
    const [evaluated] = await Array.fromAsync(evaluate(pipeline));
    await pipeline.close();
    const { personality } = evaluated!.result.cases[0]!.persona;
    const told = teacher.calls.slice(before).find(({ options }) => options.place?.role === 'candidate')!;
    const wishes = ruleCatalogue.flat().flatMap(({ sides }) => sides.map(({ text }) => text));
    const wishesIn = (text: string) => wishes.filter((wish) => text.includes(wish)).length;
    const own = wishesIn(personality.traits.join('\n'));
    expect(own).toBe(judge === 'rules' ? 4 : 0);
    expect(wishesIn(told.request.messages[0]!.content)).toBe(own);
  },
);

test('the estimate of a config counts what it then costs', async () => {
  const run = join(dir, 'estimated');
  const pipeline = await openPipeline(config(run));
  const { total } = await estimatePipeline(pipeline);
  await pipeline.close();
  const before = teacher.calls.length;
  await runAll(run);
  const calls = teacher.calls.length - before;
  expect(total.low.calls).toBeLessThanOrEqual(calls);
  expect(total.high.calls).toBeGreaterThanOrEqual(calls);
});

test('a conversation count above the planned number of personas is refused before a call', async () => {
  const before = teacher.calls.length;
  const wrong = { ...config(join(dir, 'clamped')), conversations: { personas: 45 } };
  await expect(openPipeline(wrong)).rejects.toThrow(
    'Option "conversations.personas": expected at most 44 (personas.profiles 22 x personas.personalitiesPerProfile 2), got 45.',
  );
  expect(teacher.calls.length).toBe(before);
});

test('a conversation count above the number of personas in a pool is refused, not clamped', async () => {
  const first = await openPipeline(config(join(dir, 'pool')));
  const pool = await growPersonas(first);
  await first.close();
  const pipeline = await openPipeline({
    ...config(join(dir, 'clamped')),
    personas: { pool: first.files.personas },
    conversations: { personas: 1_000 },
  });
  try {
    expect(() => pickPersonas(pipeline, pool)).toThrow(
      /"conversations.personas": expected at most \d+, the number of personas in the pool, got 1000/,
    );
  } finally {
    await pipeline.close();
  }
});

test('a pool that fell short of its size is used as it is, since it was paid for', async () => {
  const short = {
    ...config(join(dir, 'short')),
    personas: { profiles: 40, personalities: 22, personalitiesPerProfile: 1, maxCalls: 1 },
    conversations: { personas: 40, turns: 1 },
  };
  const pipeline = await openPipeline(short);
  try {
    const pool = await growPersonas(pipeline);
    expect(pool.growth?.outcomes.profiles.shortfall).toBeGreaterThan(0);
    const personas = pickPersonas(pipeline, pool);
    expect(personas).toHaveLength(pool.size.profiles);
    expect(describePersonas({ pool, personas }, short)).toContain(
      `\n  ${personas.length} conversations instead of 40, since the pool has no more personas.`,
    );
  } finally {
    await pipeline.close();
  }
});
