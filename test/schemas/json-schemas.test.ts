import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { saveRatingKey } from '../../src/agreement/rating-key.ts';
import { readRatingsCsv } from '../../src/agreement/ratings-csv.ts';
import { sampleForRating } from '../../src/agreement/sample-for-rating.ts';
import { saveConversations } from '../../src/conversations/conversation-files.ts';
import { ConversationTreeBuilder } from '../../src/conversations/conversation-tree-builder.ts';
import { AloeEvaluator } from '../../src/evaluation/aloe-evaluator.ts';
import { saveEvaluation } from '../../src/evaluation/evaluation-file.ts';
import { judgeBias } from '../../src/evaluation/judge-bias/judge-bias.ts';
import { PersonaPool } from '../../src/personas/persona-pool.ts';
import { trlDpo } from '../../src/preferences/formats/trl-dpo.ts';
import { trlKto } from '../../src/preferences/formats/trl-kto.ts';
import { trlSft } from '../../src/preferences/formats/trl-sft.ts';
import { PreferenceExporter } from '../../src/preferences/preference-exporter.ts';
import { fakeEmbedder } from '../../src/testing/fake-embedder.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';
import type { TrainingHandle } from '../../src/training/training-backend.ts';
import { renderSchemas } from '../../tools/build-schemas.ts';
import { beekeepers, cast } from '../conversations/fakes.ts';
import { benchmarkCases, fakeCandidate, fakeJudge, fakeUser } from '../evaluation/fakes.ts';
import { judgeBy, playedBy, rewordingModel } from '../evaluation/judge-bias/judge-bias-data.ts';
import { useExportFolder } from '../preferences/export-files.ts';
import { fixtureTrees } from '../preferences/trees.ts';

const SCHEMAS = new URL('../../schemas/', import.meta.url);
const folder = useExportFolder();

async function validator(name: string) {
  const schema = JSON.parse(await readFile(new URL(`${name}.json`, SCHEMAS), 'utf8')) as object;
  return new Ajv2020({ allErrors: true, strictTypes: false, strictRequired: false }).compile(schema);
}

/** Validates a file that the library wrote, and then the same without each of its fields in turn. */
async function check(name: string, values: readonly object[]): Promise<void> {
  const validate = await validator(name);
  expect(values.length).toBeGreaterThan(0);
  for (const value of values) {
    validate(value);
    expect(validate.errors ?? [], name).toEqual([]);
  }
  const [value] = values;
  expect(validate({ ...value, addedLater: 1 })).toBe(true);
  const needed = Object.keys(value!).filter((field) => {
    const { [field]: _removed, ...rest } = value as Record<string, unknown>;
    return !validate(rest);
  });
  expect(needed.length).toBeGreaterThan(1);
}

const json = async (path: string) => JSON.parse(await readFile(path, 'utf8')) as object;
const lines = async (path: string) =>
  (await readFile(path, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);

test('the schemas in the package are those of the code', async () => {
  const rendered = renderSchemas();
  expect((await readdir(SCHEMAS)).sort()).toEqual([...rendered.keys()].sort());
  for (const [file, text] of rendered) expect(await readFile(new URL(file, SCHEMAS), 'utf8')).toBe(text);
});

test('the docs list each of them', async () => {
  const page = await readFile(new URL('../../docs/results.md', import.meta.url), 'utf8');
  const listed = [...page.matchAll(/^\|.*`aloe-align\/schemas\/(.*\.json)`/gm)].map(([, file]) => file!);
  expect(listed.sort()).toEqual([...renderSchemas().keys()].sort());
});

test('their patterns are ones that other languages know too', () => {
  for (const text of renderSchemas().values()) expect(text).not.toContain('\\\\p{');
});

test('each has an id of its own that names the version of the format', () => {
  const ids = [...renderSchemas().values()].map((text) => (JSON.parse(text) as { $id: string }).$id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toContain('urn:aloe-align:evaluation:3');
});

test('an evaluation and the sheet rated from it are valid', async () => {
  const evaluator = new AloeEvaluator({
    user: fakeUser(),
    judge: fakeJudge(),
    inducer: 'words',
    otherPersona: 'any',
    cases: benchmarkCases(4),
    repeats: 2,
    turns: 3,
  });
  const result = await evaluator.evaluate(fakeCandidate());
  await saveEvaluation(result, join(folder.dir, 'result.json'));
  await check('evaluation', [await json(join(folder.dir, 'result.json'))]);

  const { sheet, key } = sampleForRating([result], { count: 4 });
  await saveRatingKey(key, join(folder.dir, 'key.json'));
  await check('rating-key', [await json(join(folder.dir, 'key.json'))]);
  const filled = join(folder.dir, 'Ann.csv');
  await writeFile(
    filled,
    `id,rating\n${sheet.items.map(({ id }, place) => `${id},${place || ''}`).join('\n')}`,
  );
  await check('ratings', [await readRatingsCsv(filled)]);
});

test('conversations and what is exported from them are valid', async () => {
  const builder = new ConversationTreeBuilder({ roles: cast(), turns: 3, tasks: ['wants a toast written'] });
  const path = join(folder.dir, 'conversations.jsonl');
  await saveConversations(builder.build(beekeepers(3)), path);
  await check('conversation', await lines(path));
  await check('persona', beekeepers(2));

  const exporter = new PreferenceExporter({ formats: [trlSft(), trlDpo(), trlKto()], validationShare: 0.3 });
  await exporter.write(fixtureTrees(), folder.dir);
  await check('preference-manifest', [await json(join(folder.dir, 'manifest.json'))]);
  await check('preference-record', await lines(join(folder.dir, 'preferences.jsonl')));
});

test('a grown pool is valid', async () => {
  const entry = (at: string) => Array.from({ length: 8 }, (_, index) => `${index + 1}. ${at} says ${index}.`);
  let calls = 0;
  const model = scriptedModel(() => {
    calls += 1;
    return `Profile 1\n${entry(`Person ${calls}`).join('\n')}`;
  });
  const pool = await PersonaPool.grow({ model, embedder: fakeEmbedder(), profiles: 22, personalities: 22 });
  expect(pool.growth!.outcomes.profiles.generated).toBeGreaterThan(0);
  await pool.save(join(folder.dir, 'pool.json'));
  await check('persona-pool', [await json(join(folder.dir, 'pool.json'))]);
});

test('the bias of a judge is valid', async () => {
  const judge = judgeBy(({ response }) => response.length / 50);
  const bias = await judgeBias(await playedBy(judge, { cases: 4 }), judge, { reword: rewordingModel() });
  await check('judge-bias', [JSON.parse(JSON.stringify(bias)) as object]);
});

test('a training handle is valid', async () => {
  const handle: TrainingHandle = {
    schema: 'aloe-training-handle/1',
    backend: 'local',
    id: 'small-1',
    job: { name: 'small', id: 'abc' },
    submittedAt: '2026-01-01T00:00:00.000Z',
    location: { folder: '/jobs/small-1' },
  };
  await check('training-handle', [handle]);
});
