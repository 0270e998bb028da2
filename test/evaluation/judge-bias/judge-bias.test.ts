import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../../../src/errors.ts';
import type { EvaluatedCase } from '../../../src/evaluation/evaluated-case.ts';
import type { Judge } from '../../../src/evaluation/judge.ts';
import {
  type JudgeBias,
  type JudgeBiasName,
  judgeBiasSchema,
} from '../../../src/evaluation/judge-bias/bias-result.ts';
import { describeJudgeBias } from '../../../src/evaluation/judge-bias/describe-judge-bias.ts';
import { judgeBias } from '../../../src/evaluation/judge-bias/judge-bias.ts';
import { holisticJudge } from '../../../src/evaluation/judges/holistic-judge.ts';
import { childSeed } from '../../../src/internal/random.ts';
import { countWords } from '../../../src/personas/rules/text-features.ts';
import { openRun } from '../../../src/runs/run.ts';
import { scriptedModel } from '../../../src/testing/scripted-model.ts';
import { fakeModel, verdict } from '../fakes.ts';
import { judgeBy, playedBy, responseOf, rewordingModel } from './judge-bias-data.ts';

const of = ({ measures }: JudgeBias, name: JudgeBiasName) => measures.find((own) => own.name === name)!;

describe('a judge that adds 0.5 points per 50 words', () => {
  const judge = judgeBy(({ response }) => 1 + (0.5 * countWords(response)) / 50);
  let bias: JudgeBias;
  beforeAll(async () => {
    bias = await judgeBias(await playedBy(judge), judge, { reword: rewordingModel() });
  });

  it('is measured at 1 point per 100 words within conversations', () => {
    expect(of(bias, 'length').estimate).toBeCloseTo(1, 9);
    expect(of(bias, 'length')).toMatchObject({ responses: 36, cases: 12, reason: null });
    expect(of(bias, 'length').adjustedPValue).toBeLessThan(0.05);
  });

  it('raises its scores by as much as padding and lengthening add words', () => {
    for (const name of ['padded', 'lengthened'] as const) {
      const { estimate, addedWords, interval, missing } = of(bias, name);
      expect(addedWords).toBeGreaterThan(20);
      expect(estimate).toBeCloseTo(0.01 * addedWords!, 6);
      expect(interval!.low).toBeGreaterThan(0);
      expect(missing).toBe(0);
    }
  });

  it('is not said to have another bias', () => {
    for (const name of ['repeat', 'order', 'reworded', 'other-persona'] as const) {
      expect(of(bias, name)).toMatchObject({ estimate: 0, size: 0, changed: 0, interval: null });
    }
  });

  it('is described in words, with what is not shown left open', () => {
    const text = describeJudgeBias(bias);
    expect(text).toMatch(
      /Scores rise by 0\.\d\d points when a reply is padded without new content \(\d+ words/,
    );
    expect(text).toContain('Within conversations, scores rise by 1.00 points per 100 words.');
    expect(text).toContain('Scores are not shown to depend on the persona as they should.');
    expect(text).toContain('Asked again, the judge gives the same scores.');
    // 1 - 0.05^(1/12)
    expect(text).toContain(
      'none of 36 scores did. With 12 cases, scores of up to 22 % of cases could still change.',
    );
    expect(text).toMatch(/own model family minus others: not measured, since no candidate is known/i);
  });

  it('gives plain data that its schema accepts', () => {
    expect(judgeBiasSchema.parse(JSON.parse(JSON.stringify(bias)))).toEqual(bias);
  });
});

it('does not take what personas want for a bias to length', async () => {
  // Long replies go to the personas that score high, but within a conversation length does not matter.
  const judge = judgeBy(({ response }) => (countWords(response) > 60 ? 4.5 : 2));
  const respond = (row: number, turn: number) =>
    responseOf((row % 2 === 0 ? 20 : 80) + 5 * turn, 10 * row + turn);
  const bias = await judgeBias(await playedBy(judge, { respond }), judge, { sample: 12 });
  expect(of(bias, 'length').estimate).toBe(0);
});

describe('a judge that favours its family', () => {
  const planted = 0.75;
  const isOwn = (response: string) => response.startsWith('Own');
  const judge = judgeBy(
    ({ response }) => 2.5 + 0.5 * (countWords(response) % 3) + (isOwn(response) ? planted : 0),
  );
  const played = async (names: readonly [string, string][]) =>
    Promise.all(
      names.map(([name, model]) =>
        playedBy(judge, {
          name,
          model,
          respond: (row, turn) =>
            `${name === 'mine' ? 'Own' : 'Other'} ${responseOf(10 + ((row + turn) % 3), row)}`,
        }),
      ),
    );

  it('is measured at what was planted, over the same turns of the same cases', async () => {
    const results = await played([
      ['mine', 'openai/gpt-4.1-mini'],
      ['other', 'claude-sonnet-4'],
      ['third', 'Qwen/Qwen3-8B'],
    ]);
    const bias = await judgeBias(results, judge, { sample: 12 });
    expect(of(bias, 'own-family').estimate).toBeCloseTo(planted, 9);
    expect(of(bias, 'own-family')).toMatchObject({ responses: 108, cases: 12 });
    expect(describeJudgeBias(bias)).toContain(
      "Replies of the judge's own model family score 0.75 points higher",
    );
  });

  it.each([
    [[['mine', 'gpt-4o']], 'another family than OpenAI'],
    [[['other', 'claude-3']], "judge's family, OpenAI"],
    [
      [
        ['mine', 'my-run-7'],
        ['other', 'my-run-8'],
      ],
      "judge's family, OpenAI",
    ],
  ] as const)('is not measured without both families (%#)', async (names, reason) => {
    const bias = await judgeBias(await played(names as never), judge, { sample: 12 });
    expect(of(bias, 'own-family')).toMatchObject({ estimate: null, interval: null, pValue: null, cases: 0 });
    expect(of(bias, 'own-family').reason).toContain(reason);
  });

  it('is measured by families that the caller names', async () => {
    const results = await played([
      ['mine', 'my-run-7'],
      ['other', 'my-run-8'],
    ]);
    const family = (model: string) => (model === 'my-run-8' ? 'theirs' : 'ours');
    const bias = await judgeBias(results, judge, { sample: 12, family });
    expect(of(bias, 'own-family').estimate).toBeCloseTo(planted, 9);
  });
});

it('says of a constant judge that it tells nothing apart', async () => {
  const judge = judgeBy(() => 3);
  const bias = await judgeBias(await playedBy(judge), judge);
  expect(bias).toMatchObject({ isConstant: true, meanScore: 3 });
  for (const { estimate } of bias.measures) expect(estimate ?? 0).toBe(0);
  const text = describeJudgeBias(bias);
  expect(text).toContain('**The judge gives every response the same score, 3.00.**');
  expect(text).not.toContain('No bias is shown');
});

it('shows no bias of a judge that is only noisy, and measures its noise', async () => {
  const judge = judgeBy(({ response }, { seed = 0 }) => 2 + (childSeed(seed, response) % 3));
  const bias = await judgeBias(await playedBy(judge, { cases: 20 }), judge, {
    sample: 60,
    reword: rewordingModel(),
  });
  // Two draws from 2, 3 and 4 differ by 8/9 on average, and in two of three cases.
  expect(of(bias, 'repeat').size).toBeGreaterThan(0.6);
  expect(of(bias, 'repeat').size).toBeLessThan(1.2);
  expect(of(bias, 'repeat').changed).toBeGreaterThan(0.45);
  for (const { adjustedPValue } of bias.measures) expect(adjustedPValue ?? 1).toBeGreaterThan(0.05);
  expect(describeJudgeBias(bias)).toContain('**No bias is shown** in');
});

describe('a judge that goes by what comes first', () => {
  const judge = judgeBy(({ case: { persona } }) => (persona.personality.traits[0] === 'Dry wit' ? 4 : 2.5));

  it('is shown to depend on the order of statements, beyond its noise', async () => {
    const bias = await judgeBias(await playedBy(judge), judge, { sample: 24 });
    expect(of(bias, 'order')).toMatchObject({ estimate: 1.5, shift: -1.5, size: 1.5, changed: 1 });
    expect(describeJudgeBias(bias)).toContain(
      "The order of the persona's statements moves scores by 1.50 points on average, 1.50 points more than asking again does.",
    );
  });
});

it('tells a judge that reads the persona, and one that gives in to a plea', async () => {
  const judge = judgeBy(({ case: { persona }, response }) => {
    const town = /\d+/.exec(persona.profile.facts.find((fact) => fact.startsWith('Lives'))!)![0];
    const fits = response.startsWith(`Town ${town} `) ? 1.25 : 0;
    return 2 + fits + (response.includes('deserves a 5') ? 1 : 0) + (response.startsWith('**') ? -0.5 : 0);
  });
  const respond = (row: number, turn: number) => `Town ${row} ${responseOf(10, turn)}`;
  const bias = await judgeBias(await playedBy(judge, { respond }), judge, { sample: 24 });
  expect(of(bias, 'other-persona')).toMatchObject({ estimate: 1.25, shift: -1.25 });
  expect(of(bias, 'plea')).toMatchObject({ estimate: 1 });
  expect(of(bias, 'formatting').estimate).toBe(-1.75);
  const text = describeJudgeBias(bias);
  expect(text).toContain(
    'The same reply scores 1.25 points less for another persona: the judge reads the persona.',
  );
  expect(text).toContain('Scores rise by 1.00 points when a reply asks for a 5.');
  expect(text).toContain('Scores depend on the persona, as they should.');
});

it('judges for another persona with the same task and in the same situation', async () => {
  const judge: Judge = {
    id: 'by-task',
    async judge({ case: { task, situation }, response }) {
      return { score: response === `${task}, ${situation?.text}` ? 5 : 1, status: 'scored' };
    },
  };
  const respond = (row: number) => `wants toast ${row}, in a hurry to town ${row}`;
  const blank = await playedBy(judge, { cases: 6, turns: 1, respond });
  const cases = blank.cases.map((played, row) => ({
    ...played,
    task: `wants toast ${row}`,
    situations: [{ turn: 1, name: 'hurry', text: `in a hurry to town ${row}`, trait: 'Wants one line' }],
  }));
  const bias = await judgeBias({ ...blank, cases }, judge, { sample: 6 });
  expect(bias.meanScore).toBe(5);
  expect(of(bias, 'other-persona')).toMatchObject({ estimate: 0, responses: 6 });
});

it('claims nothing from few cases', async () => {
  const judge = judgeBy(({ response }) => 1 + countWords(response) / 50);
  const bias = await judgeBias(await playedBy(judge, { cases: 3 }), judge);
  expect(of(bias, 'padded')).toMatchObject({ interval: null, pValue: null, cases: 3 });
  expect(describeJudgeBias(bias)).toContain(
    'is not shown to change scores. There are too few cases, profiles or personalities to tell (3 cases',
  );
});

it('adjusts the p-values of all measures together', async () => {
  const judge = judgeBy(({ response }) => 1 + countWords(response) / 50);
  const { measures } = await judgeBias(await playedBy(judge), judge, { sample: 12 });
  const tested = measures.filter(({ pValue }) => pValue !== null);
  const smallest = Math.min(...tested.map(({ pValue }) => pValue!));
  expect(Math.min(...tested.map(({ adjustedPValue }) => adjustedPValue!))).toBeCloseTo(
    smallest * tested.length,
    9,
  );
  expect(of({ measures } as JudgeBias, 'repeat').pValue).toBeNull();
});

it('does not read scores of another judge', async () => {
  const judge = judgeBy(() => 3);
  const bias = await judgeBias(await playedBy(judge), { ...judge, id: 'another' }, { sample: 6 });
  expect(of(bias, 'length')).toMatchObject({ estimate: null });
  expect(of(bias, 'length').reason).toContain('rejudge them');
});

it('counts verdicts and rewordings that are missing', async () => {
  const steady = judgeBy(() => 3);
  const judge: Judge = {
    ...steady,
    judge: (input, options) => {
      if (options?.place?.role === 'plea' && options.place.turn === 1) throw new Error('no server');
      return steady.judge(input, options);
    },
  };
  const echo = fakeModel(
    'echo',
    ({ messages }) => /<reply>\s*([\s\S]*?)\s*<\/reply>/.exec(messages.at(-1)!.content)![1]!,
  );
  const bias = await judgeBias(await playedBy(steady, { cases: 6, turns: 2 }), judge, { reword: echo });
  expect(of(bias, 'plea')).toMatchObject({ missing: 6, responses: 6 });
  expect(of(bias, 'reworded')).toMatchObject({
    estimate: null,
    missing: 12,
    reason: 'no reply has both verdicts and a rewording of the right length',
  });
  expect(describeJudgeBias(bias)).toContain('| 6 (6 missing) |');
});

describe('the sample', () => {
  const judge = judgeBy(() => 3);
  const placesOf = async (sample: number) => {
    const seen: string[] = [];
    await judgeBias(await playedBy(judge, { cases: 8, turns: 4 }), judge, {
      sample,
      onEvent: ({ caseId, turn, done, total }) => {
        expect(done).toBeLessThanOrEqual(total);
        seen.push(`${caseId}/${turn}`);
      },
    });
    return seen;
  };

  it('has equally many responses of each case, and grows without changing', async () => {
    const [small, large] = [await placesOf(16), await placesOf(24)];
    const perCase = Map.groupBy(small, (place) => place.split('/')[0]!);
    expect([...perCase.values()].map(({ length }) => length)).toEqual(Array.from({ length: 8 }, () => 2));
    expect(new Set(large)).toEqual(new Set([...small, ...large]));
    expect(large).toHaveLength(24);
  });
});

describe('with a run', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aloe-judge-bias-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('resumes after an abort, and replays what is finished without a call', async () => {
    const model = fakeModel('gpt-4o', ({ messages }) => verdict(1 + (messages.at(-1)!.content.length % 5)));
    const reword = rewordingModel();
    const results = await playedBy(holisticJudge(fakeModel('gpt-4o', () => verdict(3))), {
      cases: 4,
      turns: 2,
    });
    const measure = async (signal?: AbortSignal, onEvent = () => {}) => {
      const run = await openRun(join(folder, 'run'), { seed: 3 });
      try {
        return await judgeBias(results, holisticJudge(model), {
          run,
          reword,
          concurrency: 1,
          signal,
          onEvent,
        });
      } finally {
        await run.close();
      }
    };
    const stop = new AbortController();
    await expect(measure(stop.signal, () => stop.abort(new Error('enough')))).rejects.toThrow('enough');
    const before = model.calls.length;
    expect(before).toBeGreaterThan(0);
    const whole = await measure();
    // 8 responses: as it is, again, padded, plea, formatting, order, another persona, and two rewordings.
    expect(model.calls).toHaveLength(8 * 9);
    expect(reword.calls).toHaveLength(8 * 2);
    expect(await measure()).toEqual(whole);
    expect(model.calls).toHaveLength(8 * 9);
    const places = new Set(model.calls.map(({ options }) => JSON.stringify(options.place)));
    expect(places.size).toBe(8 * 9);
    expect(whole.judge.served).toEqual([{ id: 'gpt-4o', model: null }]);
  });
});

describe('wrong input', () => {
  const judge = judgeBy(() => 3);
  it.each([
    ['an unknown option', { samples: 3 }],
    ['a sample of none', { sample: 0 }],
    ['a rewording model that is none', { reword: {} }],
    ['families that are no function', { family: 'gpt' }],
  ])('refuses %s', async (_what, options) => {
    await expect(judgeBias(await playedBy(judge), judge, options as never)).rejects.toThrow(
      InvalidOptionError,
    );
  });

  it('refuses no results, other cases, and two candidates of one name', async () => {
    const one = await playedBy(judge);
    await expect(judgeBias([], judge)).rejects.toThrow('at least one evaluation');
    await expect(judgeBias([one, await playedBy(judge, { cases: 3, name: 'b' })], judge)).rejects.toThrow(
      'results[1]',
    );
    await expect(judgeBias([one, one], judge)).rejects.toThrow('a name of its own');
  });
});

describe('what would pass for a bias and is none', () => {
  const judge = judgeBy(({ response }) => 3 + (countWords(response) % 2));
  const mine = () => playedBy(judge, { name: 'mine', model: 'gpt-4o' });
  const other = () => playedBy(judge, { name: 'other', model: 'claude-3' });

  it('leaves empty replies out of the family gap, since no judge scored them', async () => {
    const whole = await other();
    const silentAtFirst: EvaluatedCase[] = whole.cases.map((played) => ({
      ...played,
      turns: played.turns.map((own) =>
        own.turn === 1 ? { ...own, response: '', judgement: { score: 1, status: 'no-response' } } : own,
      ),
    }));
    const bias = await judgeBias([await mine(), { ...whole, cases: silentAtFirst }], judge, { sample: 12 });
    expect(of(bias, 'own-family')).toMatchObject({ estimate: 0, interval: null, responses: 48, cases: 12 });
    expect(describeJudgeBias(bias)).toContain(
      'are not shown to score differently: within 12 cases, they never differ',
    );
  });

  it('does not read the scores of some results only', async () => {
    const { lock, ...foreign } = await other();
    const results = [await mine(), { ...foreign, lock: { ...lock, judge: { id: 'another', prompts: [] } } }];
    const bias = await judgeBias(results, judge, { sample: 12 });
    for (const name of ['length', 'own-family'] as const) {
      expect(of(bias, name)).toMatchObject({ estimate: null, responses: 0 });
      expect(of(bias, name).reason).toContain('in some of the results are of another judge');
    }
  });

  it('claims no certainty about length where scores never differ', async () => {
    const steady = judgeBy(() => 3);
    const bias = await judgeBias(await playedBy(steady), steady, { sample: 12 });
    expect(of(bias, 'length')).toMatchObject({ estimate: 0, interval: null });
  });

  it('takes a rewording of ten times the length for none', async () => {
    const rambling = scriptedModel(
      ({ messages }) => {
        const reply = /<reply>\s*([\s\S]*?)\s*<\/reply>/.exec(messages.at(-1)!.content)![1]!;
        return Array.from({ length: 10 }, () => reply).join(' ');
      },
      { id: 'rambling' },
    );
    const bias = await judgeBias(await mine(), judge, { sample: 12, reword: rambling });
    expect(of(bias, 'lengthened')).toMatchObject({ estimate: null, missing: 12 });
  });

  it('does not call a reply without words padded', async () => {
    const results = await playedBy(judge, { respond: () => '👍' });
    const bias = await judgeBias(results, judge, { sample: 12 });
    expect(of(bias, 'padded')).toMatchObject({ estimate: null, responses: 0, reason: 'no reply has words' });
  });
});
