import { expect, test } from 'vitest';
import { compareHint } from '../../src/cli/evaluate-report.ts';
import type { SavedEvaluation } from '../../src/pipeline/evaluate.ts';

test('paths in the commands that come next are quoted for a shell', () => {
  const saved = ["o'neil runs/bare.json", 'runs/adaptive.json'].map((path) => ({ path }) as SavedEvaluation);
  expect(compareHint(saved)).toBe(
    "To compare them: aloe compare 'o'\\''neil runs/bare.json' runs/adaptive.json, or aloe report 'o'\\''neil runs/bare.json' runs/adaptive.json",
  );
});
