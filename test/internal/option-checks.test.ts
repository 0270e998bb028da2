import { describe, expect, test } from 'vitest';
import { adaptive } from '../../src/adaptive/adaptive.ts';
import { sampleForRating } from '../../src/agreement/sample-for-rating.ts';
import { aloeCases } from '../../src/benchmark/aloe-cases.ts';
import { driftCases } from '../../src/benchmark/drift-cases.ts';
import { readReleasedCases } from '../../src/benchmark/released-cases.ts';
import { ruleCases } from '../../src/benchmark/rule-cases.ts';
import { ConversationTreeBuilder } from '../../src/conversations/conversation-tree-builder.ts';
import { openaiEmbedder } from '../../src/embeddings/openai.ts';
import { transformersEmbedder } from '../../src/embeddings/transformers.ts';
import { InvalidOptionError } from '../../src/errors.ts';
import { AloeEvaluator } from '../../src/evaluation/aloe-evaluator.ts';
import { oracle } from '../../src/evaluation/baselines/oracle.ts';
import { wrongPersona } from '../../src/evaluation/baselines/wrong-persona.ts';
import { compareEvaluations } from '../../src/evaluation/compare-evaluations.ts';
import { resultsTable } from '../../src/evaluation/describe/results-table.ts';
import { checklistJudge } from '../../src/evaluation/judges/checklist-judge.ts';
import { holisticJudge } from '../../src/evaluation/judges/holistic-judge.ts';
import {
  callback,
  checkOptions,
  flag,
  number,
  oneOf,
  orNull,
  refuseUnknownOptions,
  wholeNumber,
  withMethod,
} from '../../src/internal/option-checks.ts';
import {
  bootstrapIntervals,
  bootstrapStatistic,
  cohensKappa,
  comparePaired,
  dropoutDifference,
  normalizeLevels,
  nullBand,
  turnsToRecover,
  withinCaseImprovementRate,
} from '../../src/metrics/index.ts';
import { aiSdk } from '../../src/models/ai-sdk.ts';
import { embeddedModel } from '../../src/models/embedded.ts';
import { llamaCpp } from '../../src/models/llama-cpp.ts';
import { openai } from '../../src/models/openai.ts';
import { openaiCompatible } from '../../src/models/openai-compatible.ts';
import { createPacer } from '../../src/models/pacing/pacer.ts';
import { retry } from '../../src/models/retry.ts';
import { PersonaPool } from '../../src/personas/persona-pool.ts';
import { llamaFactory } from '../../src/preferences/formats/llama-factory.ts';
import { trlDpo } from '../../src/preferences/formats/trl-dpo.ts';
import { PreferenceExporter } from '../../src/preferences/preference-exporter.ts';
import { trackProgress } from '../../src/progress/progress.ts';
import { alignmentChart } from '../../src/report/charts/alignment-chart.ts';
import { renderMarkdownReport, renderReport } from '../../src/report/index.ts';
import { memoryRun } from '../../src/runs/run.ts';
import { fakeEmbedder } from '../../src/testing/fake-embedder.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';
import { transformersTokenizer } from '../../src/tokenizers/transformers.ts';
import { validateDataset } from '../../src/validation/validate-dataset.ts';
import { pullWeights } from '../../src/weights/pull-weights.ts';
import { evaluationOf } from '../evaluation/evaluation-data.ts';

interface Options {
  readonly turns?: number | undefined;
  readonly share?: number | undefined;
  readonly order?: 'finish' | 'input' | undefined;
  readonly keep?: boolean | undefined;
  readonly onEvent?: ((event: string) => void) | undefined;
  readonly model: { generate(): void };
}

const model = { generate: () => {} };
const onEvent = () => {};
const check = (options: object) =>
  checkOptions<Options, Required<Options>>('Player', options as Options, {
    turns: wholeNumber({ min: 1 }, 10),
    share: number({ min: 0, max: 1 }, 0.1),
    order: oneOf(['finish', 'input'], 'finish'),
    keep: flag(false),
    onEvent: callback(onEvent),
    model: withMethod<Options['model']>('generate', 'a model'),
  });

describe('checkOptions', () => {
  test('returns a value for every option', () => {
    expect(check({ model })).toEqual({ turns: 10, share: 0.1, order: 'finish', keep: false, onEvent, model });
    const given = { turns: 1, share: 1, order: 'input', keep: true, onEvent: () => {}, model };
    expect(check(given)).toEqual(given);
  });

  test.each([
    [{ turns: 0 }, 'Option "turns": expected a whole number of at least 1, got 0.'],
    [{ turns: null }, 'Option "turns": expected a whole number of at least 1, got null.'],
    [{ share: 2 }, 'Option "share": expected a number from 0 to 1, got 2.'],
    [{ order: 'none' }, 'Option "order": expected one of "finish", "input", got "none".'],
    [{ keep: 'yes' }, 'Option "keep": expected true or false, got "yes".'],
    [{ onEvent: 1 }, 'Option "onEvent": expected a function, got 1.'],
    [{ model: 'gpt-4o' }, 'Option "model": expected a model, got "gpt-4o".'],
  ])('refuses %o by name', (options, message) => {
    expect(() => check({ model, ...options })).toThrow(InvalidOptionError);
    expect(() => check({ model, ...options })).toThrow(message);
  });

  test('refuses an unknown option, and suggests the nearest one', () => {
    expect(() => check({ model, truns: 3 })).toThrow('Player has no option "truns". Did you mean "turns"?');
  });

  test('lists the options if none is near', () => {
    expect(() => refuseUnknownOptions('Player', { zzzzzz: 1 }, ['turns', 'keep'])).toThrow(
      'Player has no option "zzzzzz". It has: turns, keep.',
    );
  });

  test.each([undefined, null, 3])('refuses %s in place of options', (options) => {
    expect(() => refuseUnknownOptions('Player', options as unknown as object, [])).toThrow(
      '"options": expected the options of Player',
    );
  });
});

const untyped = (options: object) => options as never;
const evaluation = evaluationOf([[1, 2]]);
const builder = () => new ConversationTreeBuilder({ roles: scriptedModel('x') });
const evaluator = () =>
  new AloeEvaluator({ user: scriptedModel('x'), judge: scriptedModel('x'), cases: aloeCases({ count: 1 }) });

test.each<[string, () => unknown]>([
  ['ConversationTreeBuilder', () => new ConversationTreeBuilder(untyped({ truns: 3 }))],
  ['AloeEvaluator', () => new AloeEvaluator(untyped({ truns: 3 }))],
  ['PreferenceExporter', () => new PreferenceExporter(untyped({ truns: 3 }))],
  ['memoryRun()', () => memoryRun(untyped({ truns: 3 }))],
  ['openai()', () => openai('m', untyped({ truns: 3 }))],
  ['openaiCompatible()', () => openaiCompatible('m', untyped({ truns: 3 }))],
  ['openaiEmbedder()', () => openaiEmbedder('m', untyped({ truns: 3 }))],
  ['aiSdk()', () => aiSdk('m', untyped({ truns: 3 }))],
  ['holisticJudge()', () => holisticJudge(scriptedModel('x'), untyped({ truns: 3 }))],
  ['checklistJudge()', () => checklistJudge(scriptedModel('x'), untyped({ truns: 3 }))],
  ['aloeCases()', () => aloeCases(untyped({ truns: 3 }))],
  ['oracle()', () => oracle(scriptedModel('x'), untyped({ truns: 3 }))],
  ['wrongPersona()', () => wrongPersona(scriptedModel('x'), untyped({ truns: 3 }))],
  ['trlDpo()', () => trlDpo(untyped({ truns: 3 }))],
  ['llamaFactory()', () => llamaFactory(untyped({ truns: 3, base: 'b', method: 'sft' }))],
  ['adaptive()', () => adaptive(scriptedModel('x'), untyped({ truns: 3 }))],
  ['transformersEmbedder()', () => transformersEmbedder(untyped({ truns: 3 }))],
  ['llamaCpp()', () => llamaCpp(untyped({ modelPath: 'm.gguf', truns: 3 }))],
  ['sampling', () => llamaCpp(untyped({ modelPath: 'm.gguf', sampling: { truns: 3 } }))],
  ['embeddedModel()', () => embeddedModel(untyped({ truns: 3 }))],
  ['retry()', () => retry(scriptedModel('x'), untyped({ truns: 3 }))],
  ['createPacer()', () => createPacer(untyped({ truns: 3 }))],
  ['driftCases()', () => driftCases(aloeCases(), untyped({ truns: 3 }))],
  ['withRules()', () => ruleCases(aloeCases(), untyped({ truns: 3 }))],
  ['A report', () => renderReport(untyped({ truns: 3 }))],
  ['A Markdown report', () => renderMarkdownReport(untyped({ truns: 3 }))],
  ['resultsTable()', () => resultsTable([], untyped({ truns: 3 }))],
  ['transformersTokenizer()', () => transformersTokenizer(untyped({ truns: 3 }))],
  ['trackProgress()', () => trackProgress(untyped({ truns: 3 }))],
  ['bootstrapIntervals()', () => bootstrapIntervals([[1]], untyped({ truns: 3 }))],
  ['bootstrapStatistic()', () => bootstrapStatistic([1], () => 1, untyped({ truns: 3 }))],
  ['comparePaired()', () => comparePaired([[1]], [[1]], untyped({ truns: 3 }))],
  ['nullBand()', () => nullBand([[1, 2]], untyped({ truns: 3 }))],
  ['dropoutDifference()', () => dropoutDifference([[1, 2]], untyped({ truns: 3 }))],
  ['withinCaseImprovementRate()', () => withinCaseImprovementRate([[1, 2]], untyped({ truns: 3 }))],
  ['normalizeLevels()', () => normalizeLevels([1, 2], untyped({ truns: 3 }))],
  ['turnsToRecover()', () => turnsToRecover([1, 2], 2, untyped({ truns: 3 }))],
  ['cohensKappa()', () => cohensKappa([1], [1], untyped({ truns: 3 }))],
  ['compareEvaluations()', () => compareEvaluations(evaluation, evaluation, untyped({ truns: 3 }))],
  ['sampleForRating()', () => sampleForRating([evaluation], untyped({ count: 1, truns: 3 }))],
  ['alignmentChart()', () => alignmentChart([evaluation], untyped({ truns: 3 }))],
  ['build()', () => builder().build([], untyped({ truns: 3 }))],
  ['retryFailed()', () => builder().retryFailed([], untyped({ truns: 3 }))],
  ['prices["m"]', () => memoryRun({ prices: { m: untyped({ input: 1, output: 1, truns: 3 }) } })],
  ['budget', () => memoryRun({ budget: untyped({ truns: 3 }) })],
  ['retry', () => memoryRun({ retry: untyped({ truns: 3 }) })],
  ['limits["m"]', () => memoryRun({ limits: { m: untyped({ truns: 3 }) } })],
])('%s refuses an unknown option', (owner, make) => {
  expect(make).toThrow(`${owner} has no option "truns".`);
});

test.each<[string, () => Promise<unknown>]>([
  ['PersonaPool.grow()', () => PersonaPool.grow(untyped({ truns: 3 }))],
  ['pullWeights()', () => pullWeights(untyped({ truns: 3 }))],
  [
    'readReleasedCases()',
    () => readReleasedCases({ profiles: 'p', personalities: 'p' }, untyped({ truns: 3 })),
  ],
  ['attributes', () => grow({ attributes: { truns: 3 } })],
  ['prompts', () => grow({ prompts: { truns: 3 } })],
  ['bottleneck', () => grow({ bottleneck: { truns: 3 } })],
  ['validateDataset()', () => validateDataset('rows.jsonl', 'auto', untyped({ truns: 3 }))],
  ['write()', () => new PreferenceExporter({ formats: [trlDpo()] }).write([], 'out', untyped({ truns: 3 }))],
  ['evaluate()', () => evaluator().evaluate(scriptedModel('x'), untyped({ truns: 3 }))],
])('%s rejects an unknown option', async (owner, call) => {
  await expect(call()).rejects.toThrow(`${owner} has no option "truns".`);
});

test.each(['seeds', 'apartFrom'])(
  '%s of a growth with neither of the two kinds are refused',
  async (name) => {
    await expect(grow({ [name]: { profile: [] } })).rejects.toThrow(
      `Option "${name}": expected lists as { profiles, personalities }, or a pool`,
    );
  },
);

function grow(options: object): Promise<PersonaPool> {
  const model = scriptedModel('x');
  return PersonaPool.grow({ model, embedder: fakeEmbedder(), maxCalls: 1, ...options });
}

test('retry() refuses what is no model', () => {
  expect(() => retry(untyped({}))).toThrow('Option "model": expected a ChatModel');
});

test('an option without a default is null if left out, and checked if given', () => {
  const check = orNull(wholeNumber({ min: 1 }, 1));
  expect(check(undefined, 'concurrency')).toBeNull();
  expect(check(3, 'concurrency')).toBe(3);
  expect(() => check(0, 'concurrency')).toThrow('Option "concurrency": expected');
});
