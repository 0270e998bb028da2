import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { decisionPoints } from '../../src/conversations/conversation-tree.ts';
import recording from '../../src/demo/recording.json' with { type: 'json' };
import { compareEvaluations, resultsTable } from '../../src/index.ts';
import { type DemoRun, playDemo, reworded } from './play-demo.ts';

let played: DemoRun;
beforeAll(async () => {
  played = await playDemo();
});

/** What the texts and verdicts of a run come to. */
const outcome = ({ pool, trees, bare, adapted }: DemoRun) => ({
  profiles: pool.profiles,
  personalities: pool.personalities,
  trees: trees.map(({ id, root, failures }) => ({ id, root, failures })),
  cases: [bare, adapted].map(({ cases }) => cases),
  levels: [bare, adapted].map(({ levels }) => levels),
});

describe('the demo', () => {
  test('plays in full from its recording, and uses every answer in it', () => {
    const { demo, pool, trees, bare, adapted, asked } = played;
    expect(pool.size).toEqual({ profiles: demo.pool.profiles, personalities: demo.pool.personalities });
    expect(trees.map((tree) => [...decisionPoints(tree)].length)).toEqual(trees.map(() => demo.turns));
    expect(trees.flatMap(({ failures }) => failures)).toEqual([]);
    for (const { levels } of [bare, adapted]) {
      expect(levels.map(({ scored }) => scored)).toEqual(levels.map(() => demo.cases.length));
    }
    expect([...asked].sort()).toEqual(Object.keys(recording.answers).sort());
    expect(demo.recorded).toEqual({ answers: asked.size, date: recording.date });
  });

  test('plays the same where every prompt has another version and other words', async () => {
    const changed = await playDemo(reworded);
    // The bare candidate has no prompt.
    const { cases, turns } = played.demo;
    const asBefore = changed.requests.filter((text) => !text.endsWith('Take your time.'));
    expect(asBefore).toHaveLength(cases.length * turns);
    expect(changed.asked).toEqual(played.asked);
    expect(outcome(changed)).toEqual(outcome(played));
    expect(changed.trees[0]!.provenance.prompts.rolePlayer).not.toBe(
      played.trees[0]!.provenance.prompts.rolePlayer,
    );
  });

  test('gives the numbers that its page states', async () => {
    const page = await readFile(new URL('../../docs/demo.md', import.meta.url), 'utf8');
    const { demo, trees, bare, adapted } = played;
    const [row, ...rows] = resultsTable([bare, adapted]).split('\n');
    for (const line of [row!, ...rows.slice(0, 3)]) expect(page).toContain(line);
    const { difference, interval, pValue } = compareEvaluations(bare, adapted);
    const range = `[${interval!.low.toFixed(2)}, ${interval!.high.toFixed(2)}]`;
    const chance = pValue! < 0.001 ? 'p < 0.001' : `p = ${pValue!.toFixed(3)}`;
    expect(page).toContain(`${difference!.toFixed(2)} ${range}, ${chance}`);
    const pairs = trees.length * demo.turns;
    expect(page).toContain(`${trees.length} conversations of ${demo.turns} turns (${pairs} pairs)`);
    const judgements = [bare, adapted].flatMap(({ cases }) => cases.flatMap(({ turns }) => turns)).length * 2;
    expect(page).toContain(`${judgements} judgements`);
    expect(page).toContain(`${demo.recorded.answers} answers`);
  });
});
