import { InvalidOptionError } from '../../errors.ts';
import { defineVerb, type Verb } from '../verb.ts';
import { copyRuns } from './copy-runs.ts';

export const mergeCommand: Verb = defineVerb({
  args: {
    into: {
      type: 'positional',
      description: 'Run to copy to, a directory or a URL. Created if it does not exist.',
    },
    from: { type: 'positional', description: 'Runs to copy from. They are only read.' },
  },
  many: true,
  examples: [
    {
      words: 'runs merge runs/all runs/half-1 runs/half-2',
      what: 'Copy the answers of two runs with one seed into one run.',
    },
  ],
  interrupted: 'Run the same command again to merge the rest.',
  stopping: 'Stopping. What was copied stays.',
  async run({ words, signal }) {
    const [into = '', ...from] = words;
    if (from.length === 0) {
      throw new InvalidOptionError('FROM is missing.', { hint: 'Name a run to copy from.' });
    }
    return copyRuns(into, from, signal);
  },
});
