import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { measureOverlap } from '../../proof/words.ts';

const page = await readFile('docs/proof.md', 'utf8');

test('docs/proof.md has the shared words of the cues as they are', () => {
  const overlap = measureOverlap();
  for (const { manner, words, unseen, byCue, byManner, cues } of overlap) {
    const missing = unseen.join(', ') || 'none';
    expect(page).toContain(`| ${manner} | ${words} | ${missing} | ${byCue}/${cues} | ${byManner}/${cues} |`);
  }
  const spoken = overlap.filter(({ manner }) => manner !== 'emoji');
  const words = spoken.reduce((sum, each) => sum + each.words, 0);
  const unseen = spoken.reduce((sum, each) => sum + each.unseen.length, 0);
  expect(page).toContain(`${words - unseen} of ${words} words`);
  const recognised = overlap.reduce((sum, { byManner }) => sum + byManner, 0);
  expect(page).toContain(`${recognised} of the 24`);
});
