import { expect, test } from 'vitest';
import { reachedModules } from '../reached-modules.ts';

test('adaptive needs two small packages, nothing of Node and no AI SDK, so that edge runtimes can load it', () => {
  const reached = [...reachedModules(new URL('../../src/adaptive/index.ts', import.meta.url))];
  expect(reached.length).toBeGreaterThan(15);
  expect(reached.filter((name) => !name.startsWith('file:')).sort()).toEqual(['jsonrepair', 'zod']);
});
