import { expect, test } from 'vitest';
import { describePool } from '../../src/cli/describe-stages.ts';
import { PersonaPool } from '../../src/personas/persona-pool.ts';
import { fakeEmbedder } from '../../src/testing/fake-embedder.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';

test('a pool that ends below its target says so, beside what became of the replies', async () => {
  const pool = await PersonaPool.grow({
    model: scriptedModel('Sorry, what?'),
    embedder: fakeEmbedder(),
    profiles: 24,
    personalities: 12,
    maxCalls: 2,
  });
  expect(describePool(pool)).toBe(
    '  20 profiles and 12 personalities\n' +
      '  profiles: 0 generated, 0 discarded as near-duplicates, 2 unusable (stopped: max-calls)\n' +
      '  personalities: 0 generated, 0 discarded as near-duplicates, 0 unusable (stopped: target)\n' +
      '  Only 20 of 24 profiles: the calls were used up (0 generated, 0 near-duplicates, 2 parts of replies unusable).',
  );
});
