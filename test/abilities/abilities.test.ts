import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type AbilitiesResult,
  abilitiesTable,
  compareAbilities,
  describeAbilities,
  instructions,
  type LikelihoodResult,
  measureAbilities,
  readAbilities,
  readLmEval,
  runLmEval,
  saveAbilities,
} from '../../src/abilities/index.ts';
import { memoryRun, openRun } from '../../src/index.ts';
import { scriptedModel } from '../../src/testing/index.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aloe-abilities-'));
});
afterAll(() => rm(dir, { recursive: true }));

/** Follows the requests about case, and nothing else. */
const shouting = () =>
  scriptedModel(({ messages }) => (/capital letters/.test(messages[0]!.content) ? 'HELLO YOU' : ''), {
    id: 'shouting',
  });
const silent = () => scriptedModel('', { id: 'silent' });

describe('measuring', () => {
  test('each request is asked once, at temperature 0, and counted by its rules', async () => {
    const model = shouting();
    const { instructions: measured, candidate } = await measureAbilities(model, { name: 'loud' });
    expect(candidate).toEqual({ name: 'loud', model: 'shouting' });
    expect(model.calls).toHaveLength(instructions.length);
    expect(model.calls[0]!.request).toMatchObject({ temperature: 0, maxOutputTokens: 400 });
    const followed = measured!.items.filter((item) => item.followed).map(({ id }) => id);
    expect(followed).toEqual(expect.arrayContaining(['case-4', 'case-5', 'case-6']));
    expect(measured!.followed).toBe(followed.length / instructions.length);
    expect(measured!.interval!.low).toBeLessThan(measured!.followed);
  });

  test('a model that says nothing follows nothing', async () => {
    const { instructions: measured } = await measureAbilities(silent());
    expect(measured).toMatchObject({ followed: 0, interval: { low: 0 } });
  });

  test('reasoning is no part of an answer', async () => {
    const model = scriptedModel('<think>Shall I SHOUT?</think>quietly');
    const { instructions: measured } = await measureAbilities(model, { run: memoryRun({ seed: 1 }) });
    const item = measured!.items.find(({ id }) => id === 'case-2')!;
    expect(item).toMatchObject({ response: 'quietly', followed: true });
  });

  test('the seed draws the same requests for every model, with the same sampling seeds', async () => {
    const [one, other] = [shouting(), silent()];
    const run = memoryRun({ seed: 3 });
    const first = await measureAbilities(one, { run, count: 10 });
    const second = await measureAbilities(other, { run, count: 10 });
    const ids = (result: AbilitiesResult) => result.instructions!.items.map(({ id }) => id);
    expect(ids(first)).toHaveLength(10);
    expect(ids(second)).toEqual(ids(first));
    const seeds = ({ calls }: typeof one) => calls.map(({ request }) => request.seed).sort();
    expect(seeds(other)).toEqual(seeds(one));
  });

  test('a run directory answers a second measurement', async () => {
    const path = join(dir, 'run');
    for (const calls of [5, 0]) {
      const run = await openRun(path, { seed: 3 });
      const model = silent();
      await measureAbilities(model, { run, count: 5 });
      await run.close();
      expect(model.calls).toHaveLength(calls);
    }
  });

  test('an unknown option is refused with the nearest name', async () => {
    await expect(measureAbilities(silent(), { cuont: 3 } as object)).rejects.toThrow(/"cuont"[\s\S]*"count"/);
  });
});

const likelihood = (nats: number, texts = 'a'): LikelihoodResult => ({
  texts,
  bitsPerByte: nats / Math.LN2,
  perplexity: Math.exp(4 * nats),
  replies: Array.from({ length: 8 }, (_, index) => ({
    id: `r${index}`,
    logLikelihood: -nats * 40 - index / 10,
    tokens: 10,
    bytes: 40,
  })),
});

describe('comparing', () => {
  test('the share that only one model follows is the difference, with what was gained and lost', async () => {
    const run = memoryRun({ seed: 7 });
    const before = await measureAbilities(shouting(), { run });
    const after = await measureAbilities(silent(), { run });
    const { instructions: compared } = compareAbilities(before, after);
    expect(compared!.difference).toBeCloseTo(-before.instructions!.followed, 12);
    expect(compared!.gained).toEqual([]);
    expect(compared!.lost).toEqual(
      before.instructions!.items.filter((item) => item.followed).map(({ id }) => id),
    );
    expect(compareAbilities(before, before).instructions).toMatchObject({
      difference: 0,
      change: 'within-noise',
    });
  });

  test('fewer bits per byte are better', async () => {
    const base = await measureAbilities(silent(), { count: 5 });
    const [worse, better] = [likelihood(0.9), likelihood(0.5)];
    const compare = (first: LikelihoodResult, second: LikelihoodResult) =>
      compareAbilities({ ...base, likelihood: first }, { ...base, likelihood: second }).likelihood;
    expect(compare(worse, better)).toMatchObject({ change: 'up' });
    expect(compare(worse, better)!.difference).toBeCloseTo(-0.4 / Math.LN2, 10);
    expect(compare(better, worse)).toMatchObject({ change: 'down' });
    // A number that rises, and is worse: "down" would say the opposite of what is seen.
    const text = describeAbilities(
      compareAbilities({ ...base, likelihood: better }, { ...base, likelihood: worse }),
    );
    expect(text).toMatch(/lower is better\): \+0\.577 .*, worse$/m);
    expect(() => compare(better, likelihood(0.5, 'b'))).toThrow(/the same replies/);
  });

  test('other requests cannot be compared', async () => {
    const few = await measureAbilities(silent(), { count: 5 });
    const all = await measureAbilities(silent());
    expect(() => compareAbilities(few, all)).toThrow(/the same requests/);
  });

  test('what one of the two lacks is not compared', async () => {
    const base = await measureAbilities(silent(), { count: 5 });
    expect(compareAbilities(base, { ...base, instructions: null, likelihood: likelihood(1) })).toMatchObject({
      instructions: null,
      likelihood: null,
      lmEval: [],
    });
  });

  test('the tables show foreign names as they are', async () => {
    const base = await measureAbilities(silent(), {
      count: 5,
      name: '<b>*base*</b>',
      likelihood: likelihood(1),
    });
    const other = { ...base, candidate: { ...base.candidate, name: 'tuned|2' } };
    expect(abilitiesTable([base, other])).toContain('\\<b>\\*base\\*\\</b> | tuned\\|2');
    expect(describeAbilities(compareAbilities(base, other))).toContain('instructions followed: 0.00');
  });
});

describe('files', () => {
  test('a result is read as it was written', async () => {
    const result = await measureAbilities(shouting(), { count: 6, likelihood: likelihood(1) });
    await saveAbilities(result, join(dir, 'own', 'result.json'));
    expect(await readAbilities(join(dir, 'own', 'result.json'))).toEqual(result);
  });

  test.each([
    ['{}', /a result on general ability/],
    ['[]', /a result on general ability/],
    ['{"schema": "aloe-evaluation/3"}', /a result on general ability/],
  ])('%s is refused', async (text, message) => {
    const path = join(dir, 'wrong.json');
    await writeFile(path, text);
    await expect(readAbilities(path)).rejects.toThrow(message);
  });

  test('a share that does not agree with its rules is refused', async () => {
    const path = join(dir, 'changed.json');
    await saveAbilities(await measureAbilities(silent(), { count: 1 }), path);
    await writeFile(
      path,
      (await readFile(path, 'utf8')).replace(/"followed": false\n {6}}/, '"followed": true\n      }'),
    );
    await expect(readAbilities(path)).rejects.toThrow(/does not agree with its rules/);
  });
});

/** As version 0.4.9 of the harness writes it. */
const HARNESS = {
  results: {
    arc_easy: {
      alias: 'arc_easy',
      'acc,none': 0.5,
      'acc_stderr,none': 0.05,
      'acc_norm,none': 0.45,
      'acc_norm_stderr,none': 'N/A',
    },
    wikitext: { alias: 'wikitext', 'word_perplexity,none': 30.5, 'word_perplexity_stderr,none': 'N/A' },
  },
  higher_is_better: { arc_easy: { acc: true, acc_norm: true }, wikitext: { word_perplexity: false } },
  config: { limit: 100 },
  lm_eval_version: '0.4.9',
};

describe('lm-evaluation-harness', () => {
  async function read(value: object) {
    const path = join(dir, 'results.json');
    await writeFile(path, JSON.stringify(value));
    return readLmEval(path);
  }

  test('tasks and metrics are read with their standard errors', async () => {
    expect(await read(HARNESS)).toEqual({
      version: '0.4.9',
      limit: 100,
      tasks: [
        { task: 'arc_easy', metric: 'acc,none', value: 0.5, standardError: 0.05, higherIsBetter: true },
        { task: 'arc_easy', metric: 'acc_norm,none', value: 0.45, standardError: null, higherIsBetter: true },
        {
          task: 'wikitext',
          metric: 'word_perplexity,none',
          value: 30.5,
          standardError: null,
          higherIsBetter: false,
        },
      ],
    });
  });

  test('a difference within the standard errors is noise', async () => {
    const base = { ...(await measureAbilities(silent(), { count: 1 })), lmEval: await read(HARNESS) };
    const results = { ...HARNESS.results, arc_easy: { ...HARNESS.results.arc_easy, 'acc,none': 0.6 } };
    const tuned = { ...base, lmEval: await read({ ...HARNESS, results }) };
    const [acc, norm] = compareAbilities(base, tuned).lmEval;
    expect(acc).toMatchObject({ task: 'arc_easy', metric: 'acc,none', change: 'within-noise' });
    expect(acc!.difference).toBeCloseTo(0.1, 12);
    expect(norm).toMatchObject({ interval: null, change: 'unknown' });
  });

  test.each([{ results: {} }, { results: { a: { alias: 'a' } } }])('%j has no numbers', async (value) => {
    await expect(read(value)).rejects.toThrow(/no numbers/);
  });

  test('its program is run with the tasks, and its results are read', async () => {
    const program = join(dir, 'harness.mjs');
    await writeFile(
      program,
      `import { mkdirSync, writeFileSync } from 'node:fs';
const value = (name) => process.argv[process.argv.indexOf(name) + 1];
if (value('--tasks') !== 'arc_easy,wikitext' || value('--model_args') !== 'pretrained=some/model') process.exit(3);
mkdirSync(value('--output_path') + '/some__model');
writeFileSync(value('--output_path') + '/some__model/results_2026.json', ${JSON.stringify(JSON.stringify(HARNESS))});`,
    );
    const command = [process.execPath, program];
    const { tasks } = await runLmEval('some/model', { tasks: ['arc_easy', 'wikitext'], command, limit: 100 });
    expect(tasks).toHaveLength(3);
    await expect(runLmEval('some/model', { tasks: ['other'], command })).rejects.toThrow(/ended with 3/);
    await expect(runLmEval('some/model', { tasks: ['a'], command: ['/no/such/lm_eval'] })).rejects.toThrow(
      /could not be started[\s\S]*pip install/,
    );
    await expect(runLmEval('some/model', { tasks: ['a'], includePath: join(dir, 'none') })).rejects.toThrow(
      /includePath/,
    );
    await expect(runLmEval('one,two', { tasks: ['a'] })).rejects.toThrow(/without commas/);
    await expect(runLmEval('some/model', { tasks: ['--limit'.slice(2), 'a b'], command })).rejects.toThrow(
      /names of tasks/,
    );
  });
});
