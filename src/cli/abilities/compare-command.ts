import { readAbilities } from '../../abilities/abilities-result.ts';
import { compareAbilities } from '../../abilities/compare-abilities.ts';
import { abilitiesTable, describeAbilities } from '../../abilities/describe-abilities.ts';
import { defineVerb, type Verb } from '../verb.ts';

export const compareCommand: Verb = defineVerb({
  args: {
    base: {
      type: 'positional',
      description: 'Result of the model to compare with, such as before training.',
    },
    other: { type: 'positional', description: 'Results of the models to compare.' },
  },
  many: true,
  examples: [
    {
      words: 'abilities compare base.abilities.json tuned.abilities.json',
      what: 'What has training cost or gained elsewhere?',
    },
  ],
  failed: 'Failed.',
  interrupted: 'Interrupted. Nothing was changed.',
  async run({ words }) {
    const [base, ...others] = await Promise.all(words.map(readAbilities));
    const comparisons = others.map((other) => compareAbilities(base!, other));
    return {
      text: [abilitiesTable([base!, ...others]), ...comparisons.map(describeAbilities)].join('\n\n'),
      json: { comparisons },
    };
  },
});
