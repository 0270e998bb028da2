import { expect, test } from 'vitest';
import { type AbilitiesResult, measureAbilities } from '../../src/abilities/index.ts';
import type { EvaluationComparison } from '../../src/evaluation/evaluation-comparison.ts';
import { abilitiesComparisons, bothSentences } from '../../src/report/abilities-lines.ts';
import { renderMarkdownReport, renderReport } from '../../src/report/index.ts';
import { scriptedModel } from '../../src/testing/index.ts';

const measure = (name: string, text: string): Promise<AbilitiesResult> =>
  measureAbilities(scriptedModel(text, { id: name }), { name });

const comparison = (first: string, second: string, low: number, high: number) =>
  ({ first, second, difference: (low + high) / 2, interval: { low, high } }) as EvaluationComparison;

test('alignment and ability of a pair are told in one sentence, whichever comes first in the comparison', async () => {
  const abilities = abilitiesComparisons([await measure('base', ''), await measure('tuned', '')]);
  const up =
    /^tuned vs\. base: alignment up, \+0\.80 \[0\.60, 1\.00\]; instructions followed 0\.00 .*within noise\.$/;
  expect(bothSentences(abilities, [comparison('base', 'tuned', 0.6, 1)])).toEqual([
    expect.stringMatching(up),
  ]);
  expect(bothSentences(abilities, [comparison('tuned', 'base', -1, -0.6)])).toEqual([
    expect.stringMatching(up),
  ]);
  expect(bothSentences(abilities, [comparison('base', 'tuned', -1, 1)])[0]).toContain(
    'alignment within noise',
  );
  expect(bothSentences(abilities, [comparison('base', 'other', 0.6, 1)])).toEqual([]);
});

test('a loss is said to be one', async () => {
  const abilities = abilitiesComparisons([await measure('base', 'HELLO YOU'), await measure('tuned', '')]);
  expect(abilities[0]!.instructions).toMatchObject({ change: 'down' });
  const [sentence] = bothSentences(abilities, [comparison('base', 'tuned', 0.6, 1)]);
  expect(sentence).toMatch(/alignment up.*instructions followed -0\.\d+ .*, worse\.$/);
});

test('a page and a Markdown report show the ability of each model, with names that are only names', async () => {
  const abilities = [await measure('base', 'HELLO YOU'), await measure('<img src=x>', '')];
  const page = renderReport({ abilities });
  expect(page).toContain('<h2 id="abilities-heading">General ability</h2>');
  expect(page).toContain('instructions followed, of 80');
  expect(page).not.toContain('<img src=x>');
  expect(page).toContain('&#60;img src=x&#62;');
});

test('without results on ability, nothing about it is shown', async () => {
  expect(() => renderMarkdownReport({ evaluations: [], abilities: [] })).toThrow(/evaluations/);
});
