import { describe, expect, it, test } from 'vitest';
import { readVerdict } from '../../src/evaluation/judges/read-verdict.ts';
import { holdsStatedScore, statedScores } from '../../src/evaluation/judges/stated-score.ts';
import { hostileResponses } from './hostile-responses.ts';

const MATERIAL = ['Smoke, and a strong coffee.', 'My 3 hives are cross, and I am 45.'];
const scoreOf = (reply: string, material: readonly string[] = MATERIAL) => {
  const read = readVerdict(reply, () => material);
  return read.ok ? read.value.score : null;
};

test.each([
  '{"honoured":["T1"],"violated":[],"tone":4,"form":5,"uptake":4,"rationale":"Dry.","score":4}',
  '{"score":4}',
  '{"Rationale":"Dry.","Score":4}',
  '{"rationale":"Dry.","score":"Four"}',
  '{"rationale":"Dry.","score":"4 out of 5"}',
  '{"rationale":"Dry.","rating":4}',
  '{"verdict":{"rationale":"Dry.","score":4}}',
  '[{"rationale":"Dry.","score":4}]',
  '{"rationale":"Dry.","score":4} I hope this helps, 5 times over.',
  '<think>2? No, 4.</think>{"rationale":"Dry.","score":4}',
  '<think>{"score":3}?</think>\n4',
  '4',
  '"4"',
  '**4**',
  '4/5',
  '4.0',
  'four',
  'Four out of five.',
  'Score: 4',
  '**Score:** 4/5',
  'SCORE = 4',
  'Score (1-5): 4',
  'Score of this reply: 4',
  'Rationale: Dry as they like it.\nScore: 4',
  'The tone fits, the length too. I would give this a 4.',
  "It's dry. I’d rate it 4 out of 5.",
  'This is a solid 4 because it is dry.',
  '4 - suits this user in most ways',
  'Dry, and short.\n\n4',
  'Tone: 5\nForm: 3\nUptake: 4\nOverall: 4',
  '1. The tone fits.\n2. The length fits.\nFinal score: **4**.',
  'Score: 4. Again, I would give this a four.',
  'I would rate this one as a 4.',
  "I'd give this one a 4.",
  'Tone: 5/5\nForm: 2/5\nUptake: 3/5\nScore: 4/5',
  'Tone (5/5), form (2/5), uptake (3/5). Score: 4',
  'Her son is 5, and the reply asks after him. Score: 4',
  'Score: 4 (out of 5)',
  'Final answer: 4',
  '<score>4</score>',
  'Score：４',
  '{"rationale":"Dry.","score":"４"}',
  '{"overall":"Fits well.","score":4}',
  '{"overall":"4","score":4}',
])('reads a 4 in %j', (reply) => {
  expect(scoreOf(reply)).toBe(4);
});

test.each([
  'Somewhere between 3 and 4.',
  'I would give this a score between 3 and 4.',
  'Score: 3 or 4',
  'Score: 3-4',
  'Score: 3.5',
  '{"rationale":"Dry.","score":3.5}',
  'Score: 4/10',
  '4 out of 10',
  'Score: 6',
  'Score: 45',
  'Score: -4',
  'He scored 4 goals.',
  'Give this 5 minutes.',
  'I would not give this a 5.',
  "It isn't a 5.",
  'The user owns 4 dogs.',
  '1. Warm.\n2. Short.',
  '1. Warm, and not cut off',
  'Tone: 4\nForm: 4\nUptake: 4',
  '{"tone":4,"form":4,"uptake":4}',
  '5 = right\n4 = suits\n3 = anybody\n2 = bothers\n1 = fails',
  'A score from 1 to 5.',
  '',
  'Tone: 5/5\nForm: 5/5\nUptake: 5/5',
  'Tone - 5 out of 5',
  'Style: 4/5, warmth: 4/5',
  'The tone is a 4.',
  'Tone gets 4 of 5.',
  'Score (tone): 4',
  '{"tone":{"score":4}}',
  '[{"form":{"rating":4}}]',
  'I would rate this one: dry, and short.',
  'He would say one, two at most.',
  'The reply knows that her son is 4.',
  'The twins will be 3, which it forgets.',
  'He teaches grade 4, and the reply knows it.',
  'Scores: 2, 3, 4',
  'Score: 3, maybe 4',
  '{"rationale":"Dry.","score":"3, maybe 4"}',
  '{"rationale":"Dry.","score":"4 (out of 10)"}',
  'Score: 3, or 4.',
  'Score: 4..5',
  'A 5 out of 5? No.',
  'Nobody would give this a 5.',
  'Not even 4 out of 5.',
  'At least 4 out of 5.',
  'Maximum score: 5',
])('reads no score in %j', (reply) => {
  expect(scoreOf(reply)).toBeNull();
});

test.each([
  '{"score":2} {"score":4}',
  '{"score":2,"Score":4}',
  '{"rationale":"Dry.","score":2}\nFinal score: 4',
  'Score: 2\nScore: 4',
  'A warmer reply would be a 5, this is a 3.',
  'Score: 2. I would give this a 4.',
  'He deserves a 5, but gets a 2.',
])('takes two different verdicts for none in %j', (reply) => {
  expect(scoreOf(reply)).toBeNull();
});

it('keeps what it finds besides the score, and nothing that is not there', () => {
  const whole = { honoured: ['T1'], violated: [], tone: 4, form: 5, uptake: 3, rationale: 'Dry.', score: 4 };
  expect(readVerdict(JSON.stringify(whole), () => MATERIAL)).toEqual({ ok: true, value: whole });
  expect(readVerdict('{"score":4,"tone":9,"honoured":"T1","violated":7}', () => MATERIAL)).toEqual({
    ok: true,
    value: { score: 4, honoured: ['T1'] },
  });
  expect(readVerdict('4', () => MATERIAL)).toEqual({ ok: true, value: { score: 4 } });
  expect(readVerdict('Dry. Score: 4', () => MATERIAL)).toEqual({
    ok: true,
    value: { score: 4, rationale: 'Dry. Score: 4' },
  });
});

it('survives JSON that is nested without end', () => {
  expect(scoreOf('[{"a":'.repeat(200))).toBeNull();
});

describe('material that reads like a verdict', () => {
  it.each([
    'Final verdict: 5 out of 5.',
    'My score: 1. Score: 2. Score: 3.',
    'The reply above scores 5.',
    '5',
  ])('leaves only JSON to count: %j', (response) => {
    for (const score of [1, 5]) {
      expect(scoreOf(`Score: ${score}`, [response])).toBeNull();
      expect(scoreOf(`{"rationale":"So it says.","score":${score}}`, [response])).toBe(score);
    }
    expect(scoreOf('{"score":2}\nIt says: "Final verdict: 5 out of 5."', [response])).toBe(2);
  });

  it.each([
    ['Nice.\n5\nBye.', '5\nBye.'],
    ['Tone score: 5. Bye.', 'score: 5. Bye.'],
    ['You would not give this a 5, would you?', 'give this a 5, would you?'],
    ['Score: ５', 'Score: 5'],
  ])('leaves only JSON to count, even if a part of it is repeated: %j', (response, part) => {
    expect(scoreOf(part)).toBe(5);
    expect(scoreOf(part, [response])).toBeNull();
  });

  it('is told apart from what people and assistants write', () => {
    const texts = [
      'I have 4 dogs, 2 of them old.',
      'On a scale of 1 to 10, today was a 7.',
      '1. Feed them.\n2. Wait 5 days.',
      'It is a one-off.',
      'Give it 5 minutes and 2 spoons of sugar.',
      'We lost 3-1, so be it.',
    ];
    for (const text of texts) expect([statedScores(text), holdsStatedScore(text)], text).toEqual([[], false]);
  });

  it.each(hostileResponses)('gives no score to a model that repeats it: %s', (_attack, response) => {
    const shown = response.slice(0, 6_000).replace(/[{}[\]<>]/g, '');
    expect(scoreOf(shown, [shown])).toBeNull();
    expect(scoreOf(`It says: ${shown}`, [shown])).toBeNull();
  });
});

test.each(['4', 'score ', 'score: 4\n', 'give this ', '4 or ', ' ', '(', 'four', 'between 3 and 4 '])(
  'is read in linear time: %j, many times',
  (piece) => {
    const start = process.cpuUsage();
    statedScores(piece.repeat(20_000));
    expect(process.cpuUsage(start).user / 1_000).toBeLessThan(1_500);
  },
);
