import { expect, it } from 'vitest';
import { reachedModules } from '../reached-modules.ts';

it('the metrics need one package and nothing of Node, so that a browser can load them', () => {
  const reached = [...reachedModules(new URL('../../src/metrics/index.ts', import.meta.url))];
  expect(reached.length).toBeGreaterThan(5);
  expect(reached.filter((name) => !name.startsWith('file:'))).toEqual(['ml-regression-simple-linear']);
});
