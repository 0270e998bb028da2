import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { agreement } from '../../src/agreement/agreement.ts';
import { paperRatingGuide, ratingGuide } from '../../src/agreement/rating-guide.ts';
import { ratingKeySchema } from '../../src/agreement/rating-key.ts';
import { type Stratum, sampleForRating } from '../../src/agreement/sample-for-rating.ts';
import { judgePrompt } from '../../src/evaluation/prompts/judge.ts';
import { judgeAspectsPrompt } from '../../src/evaluation/prompts/judge-aspects.ts';
import { sha256 } from '../../src/internal/hash.ts';
import { promptName } from '../../src/models/prompt.ts';
import { evaluationOf, repeatedEvaluation } from '../evaluation/evaluation-data.ts';
import { benchmarkCases } from '../evaluation/fakes.ts';

/** 20 cases of 10 turns; most scores are 5, a few are 1. */
const skewed = (name: string) =>
  evaluationOf(
    Array.from({ length: 20 }, (_, row) =>
      Array.from({ length: 10 }, (_, turn) => ((row + turn) % 10 === 0 ? 1 : (row * turn) % 4 === 0 ? 3 : 5)),
    ),
    { name },
  );
const two = [skewed('base'), skewed('tuned')];

describe('a sample for rating', () => {
  test('shows who the user is, the conversation and the response, and nothing of judge or candidate', () => {
    const { sheet, key } = sampleForRating(two, { count: 50, seed: 3 });
    for (const [index, item] of sheet.items.entries()) {
      const { turn, caseId } = key.items[index]!;
      const { persona } = two[0]!.cases.find((played) => played.caseId === caseId)!;
      expect(item).toEqual({
        id: expect.stringMatching(/^[0-9a-f]{8}-0\d\d$/),
        facts: persona.profile.facts,
        traits: persona.personality.traits,
        conversation: Array.from({ length: 2 * turn - 1 }, (_, place) =>
          place % 2 === 0
            ? { role: 'user', content: `Message ${place / 2 + 1}` }
            : { role: 'assistant', content: `Response ${(place + 1) / 2}` },
        ),
        response: `Response ${turn}`,
      });
    }
    expect(JSON.stringify(sheet)).not.toMatch(/base|tuned|case-|own-judge|some-model|score|"turn"/);
  });

  test('leads back to candidate, case, turn, score and text by the key', () => {
    const { sheet, key } = sampleForRating(two, { count: 50, seed: 3 });
    expect(key).toMatchObject({ schema: 'aloe-rating-key/1', sheet: sheet.id, seed: 3, judge: 'own-judge' });
    expect(key.items.map(({ id }) => id)).toEqual(sheet.items.map(({ id }) => id));
    for (const [index, { candidate, caseId, turn, score, responseSha256 }] of key.items.entries()) {
      const result = two.find(({ candidate: { name } }) => name === candidate)!;
      const played = result.cases.find((each) => each.caseId === caseId)!.turns[turn - 1]!;
      expect(score).toBe(played.judgement.score);
      expect(responseSha256).toBe(sha256(sheet.items[index]!.response));
    }
    const drawn = key.items.map(({ candidate, caseId, turn }) => `${candidate} ${caseId} ${turn}`);
    expect(new Set(drawn).size).toBe(50);
  });

  test('tells the repeats of a case apart by the key', () => {
    const result = repeatedEvaluation([[[2, 2]], [[4, 4]]]);
    const { key } = sampleForRating([result], { count: 4 });
    expect(key.items.map(({ repeat = 1, score }) => `${repeat} ${score}`).toSorted()).toEqual([
      '1 2',
      '1 2',
      '2 4',
      '2 4',
    ]);
    expect(ratingKeySchema.parse(key)).toEqual(key);
    const same = key.items.map(({ id, score }) => ({ id, rating: score }));
    const { raters } = agreement({
      key,
      ratings: [{ schema: 'aloe-ratings/1', rater: 'Ann', ratings: same }],
      results: [result],
      resamples: 200,
    });
    expect(raters[0]).toMatchObject({ rated: 4, sameRating: 1 });
  });

  test('gives each stratum its share to within one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 3, maxLength: 3 }), {
          minLength: 2,
          maxLength: 12,
        }),
        fc.nat(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom<Stratum>('candidate', 'score', 'turn'),
        (scores, seed, share, by) => {
          const results = [evaluationOf(scores, { name: 'a' }), evaluationOf(scores.slice(1), { name: 'b' })];
          const all = sampleForRating(results, { count: scores.length * 6 - 3, seed, by: [by] }).key.items;
          const count = Math.max(1, Math.floor(all.length * share));
          const drawn = sampleForRating(results, { count, seed, by: [by] }).key.items;
          expect(drawn).toHaveLength(count);
          for (const stratum of new Set(all.map((item) => item[by]))) {
            const size = (items: typeof all) => items.filter((item) => item[by] === stratum).length;
            const due = (size(all) * count) / all.length;
            expect(Math.abs(size(drawn) - due)).toBeLessThan(1);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  test('mirrors all of candidate, score and turn when nothing else is asked for', () => {
    const { items } = sampleForRating(two, { count: 100 }).key;
    const count = (matches: (item: (typeof items)[number]) => boolean) => items.filter(matches).length;
    expect(count(({ candidate }) => candidate === 'base')).toBe(50);
    const ones = two.flatMap(({ cases }) => cases).flatMap(({ turns }) => turns);
    const share = ones.filter(({ judgement }) => judgement.score === 1).length / ones.length;
    expect(Math.abs(count(({ score }) => score === 1) - 100 * share)).toBeLessThanOrEqual(2);
    for (let turn = 1; turn <= 10; turn++) {
      expect(Math.abs(count((item) => item.turn === turn) - 10)).toBeLessThanOrEqual(4);
    }
  });

  test('depends on its seed and nothing else', () => {
    const draw = (seed: number) => sampleForRating(two, { count: 30, seed });
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1).key.items.map(({ caseId, turn }) => [caseId, turn])).not.toEqual(
      draw(2).key.items.map(({ caseId, turn }) => [caseId, turn]),
    );
  });

  test('shows the person as they are at that turn, where they change', () => {
    const [played] = evaluationOf([[1, 2, 3, 4]]).cases;
    const [, changed] = benchmarkCases(2);
    const result = {
      ...evaluationOf([[1, 2, 3, 4]]),
      cases: [{ ...played!, drift: { turn: 3, persona: changed!.persona } }],
    };
    const { sheet, key } = sampleForRating([result], { count: 4 });
    const facts = new Map(key.items.map(({ turn }, index) => [turn, sheet.items[index]!.facts[0]]));
    expect([1, 2, 3, 4].map((turn) => facts.get(turn))).toEqual(
      ['1', '1', '2', '2'].map((town) => `Lives in town number ${town}`),
    );
  });

  test('tells raters what the user wants done, as judges are told', () => {
    const [result] = two;
    const cases = result!.cases.map((played) => ({ ...played, task: 'wants a toast written' }));
    const { sheet } = sampleForRating([{ ...result!, cases }], { count: 5 });
    for (const { facts } of sheet.items) {
      expect(facts.at(-1)).toBe('In this conversation: wants a toast written');
    }
  });

  test('leaves out what has no score', () => {
    const result = evaluationOf(
      [
        [5, null, 3],
        [null, 2],
      ],
      { turns: 3 },
    );
    const { items } = sampleForRating([result], { count: 3 }).key;
    expect(items.map(({ score }) => score).sort()).toEqual([2, 3, 5]);
  });

  test.each([
    ['more than there are scores', () => sampleForRating(two, { count: 401 }), /"count".* from 1 to 400/],
    ['no evaluation', () => sampleForRating([], { count: 1 }), /"results": expected at least one/],
    [
      'a name twice',
      () => sampleForRating([two[0]!, two[0]!], { count: 1 }),
      /"results".*each candidate only once/,
    ],
    [
      'two judges',
      () =>
        sampleForRating(
          [two[0]!, { ...two[1]!, lock: { ...two[1]!.lock, judge: { id: 'other', prompts: [] } } }],
          { count: 1 },
        ),
      /"results".*a single judge/,
    ],
    ['a part of a seed', () => sampleForRating(two, { count: 1, seed: 0.5 }), /"seed"/],
  ])('refuses %s', (_, draw, message) => {
    expect(draw).toThrow(message);
  });
});

test.each([
  ['by aspects', judgeAspectsPrompt, ratingGuide],
  ["by the paper's rubric", judgePrompt, paperRatingGuide],
])('raters are told what a judge %s is told', (_name, prompt, guide) => {
  const [{ persona }] = benchmarkCases(1) as [ReturnType<typeof benchmarkCases>[number]];
  const [rubric] = prompt.messages({ persona, conversation: [], response: '' });
  for (const aspect of guide.aspects) expect(rubric!.content).toContain(aspect);
  for (const [index, meaning] of guide.scale.entries()) {
    expect(rubric!.content).toContain(`${index + 1} = ${meaning}`);
  }
  const result = evaluationOf([[3]]);
  const judge = { id: 'j', prompts: [{ name: promptName(prompt), sha256: 'a'.repeat(64) }] };
  const judged = { ...result, lock: { ...result.lock, judge } };
  expect(sampleForRating([judged], { count: 1 }).sheet.guide).toEqual(guide);
});

test('responses that no judge rated are not drawn, and raters see a placeholder for them', () => {
  const played = evaluationOf([
    [1, 4],
    [5, 3],
  ]);
  const empty = played.cases[0]!.turns[0]!;
  const judgement = { score: 1, status: 'no-response' as const };
  const turns = played.cases[0]!.turns.with(0, { ...empty, response: '', judgement });
  const result = { ...played, cases: [{ ...played.cases[0]!, turns }, played.cases[1]!] };
  expect(() => sampleForRating([result], { count: 4 })).toThrow(/count/);
  const { sheet, key } = sampleForRating([result], { count: 3 });
  expect(key.items.map(({ caseId, turn }) => `${caseId} ${turn}`).sort()).toEqual([
    'case-1 2',
    'case-2 1',
    'case-2 2',
  ]);
  const after = key.items.findIndex(({ caseId }) => caseId === 'case-1');
  expect(sheet.items[after]!.conversation[1]).toEqual({ role: 'assistant', content: '…' });
});
