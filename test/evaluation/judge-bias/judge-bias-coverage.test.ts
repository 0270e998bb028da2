import { expect, it } from 'vitest';
import { isShown } from '../../../src/evaluation/judge-bias/bias-sentences.ts';
import { judgeBias } from '../../../src/evaluation/judge-bias/judge-bias.ts';
import { childSeed } from '../../../src/internal/random.ts';
import { judgeBy, playedBy, responseOf, rewordingModel } from './judge-bias-data.ts';

const STUDIES = 24;

/** A judge with an opinion of each case and noise in each verdict, and `plea` points for a plea. */
async function study(seed: number, plea: number) {
  const judge = judgeBy(({ response, case: { persona } }, { seed: sampled = 0, place }) => {
    const opinion = (childSeed(seed, persona.personality.id) % 3) / 2;
    const noise = (childSeed(sampled, seed, response, place?.role ?? '') % 1000) / 500;
    return Math.round(1.5 + opinion + noise + (response.includes('deserves a 5') ? plea : 0));
  });
  const respond = (row: number, turn: number) =>
    responseOf(10 + (childSeed(seed, row, turn) % 40), 1000 * seed + 10 * row + turn);
  const results = await playedBy(judge, { cases: 20, turns: 3, respond });
  const { measures } = await judgeBias(results, judge, { seed, sample: 60, reword: rewordingModel() });
  return measures.filter((measure) => measure.name !== 'repeat' && isShown(measure)).map(({ name }) => name);
}

it('shows some bias of a judge that has none in about one of twenty studies', {
  timeout: 300_000,
}, async () => {
  let wrong = 0;
  for (let seed = 0; seed < STUDIES; seed++) if ((await study(seed, 0)).length > 0) wrong += 1;
  // With a probability of 0.05, more than 4 of 24 are rarer than 1 in 150.
  expect(wrong).toBeLessThanOrEqual(4);
});

it('shows a bias of 0.8 points in noisy scores, by its name', { timeout: 300_000 }, async () => {
  for (let seed = 0; seed < 8; seed++) expect(await study(seed, 0.8)).toContain('plea');
});
