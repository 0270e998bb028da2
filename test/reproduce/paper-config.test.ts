import { expect, test } from 'vitest';
import { checkMadeConfig } from '../../src/config/read-config.ts';
import { paperConfig, type ReproductionPreset } from '../../src/reproduce/index.ts';

test("the paper's sizes and settings are there where a config says nothing", () => {
  const config = paperConfig({ evaluation: { cases: 20 }, conversations: { turns: 4 } });
  expect(config).toMatchObject({
    personas: { profiles: 331, personalities: 71, personalitiesPerProfile: 10 },
    conversations: { personas: 3_310, turns: 4, induction: 'previous-turns' },
    export: { minRevealed: 0 },
    evaluation: { cases: 20, turns: 10, rubric: 'paper' },
  });
});

test.each(['paper', 'small'] as const)('the sizes "%s" are a valid config', (sizes) => {
  expect(() => checkMadeConfig(paperConfig({}, sizes))).not.toThrow();
});

test.each(['paper', 'small'] as const)(
  'the pool of the sizes "%s" has a persona for each conversation',
  (sizes) => {
    const { personas, conversations } = paperConfig({}, sizes);
    const pairs = personas!.profiles! * personas!.personalitiesPerProfile!;
    expect(conversations!.personas).toBeLessThanOrEqual(pairs);
  },
);

test('other sizes are refused with those there are', () => {
  expect(() => paperConfig({}, 'large' as ReproductionPreset)).toThrow(/paper.*small/);
});
