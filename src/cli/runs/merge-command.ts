import { InvalidOptionError } from '../../errors.ts';
import { counted } from '../../internal/format.ts';
import { type MergedRun, mergeRuns } from '../../runs/manage/merge-runs.ts';
import { unusableRun } from '../open-command-run.ts';
import { printError } from '../terminal.ts';
import { defineVerb, type Verb } from '../verb.ts';

export const mergeCommand: Verb = defineVerb({
  args: {
    into: { type: 'positional', description: 'Run directory to copy to. Created if it does not exist.' },
    from: { type: 'positional', description: 'Run directories to copy from. They are only read.' },
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
    if (from.length === 0)
      throw new InvalidOptionError('FROM is missing.', { hint: 'Name a run to copy from.' });
    const runs = await mergeRuns(into, from, {
      signal,
      onEvent: (event) => printError(describe(event)),
    }).catch((error: unknown) => {
      throw unusableRun(error);
    });
    const added = runs.reduce((sum, run) => sum + run.added, 0);
    return { text: `${into} has ${counted(added, 'new answer')}.`, json: { into, runs } };
  },
});

function describe({ dir, added, same, differing, differingPlaces, damaged }: MergedRun): string {
  const facts = [
    `${dir}: ${counted(added, 'new answer')}, ${same} that were there already`,
    damaged > 0 && `${damaged} damaged and left out`,
    differing > 0 &&
      `${differing} that differ from those there, which stay (the first is ${differingPlaces[0] || 'a vector'})`,
  ];
  return `${facts.filter(Boolean).join(', ')}.`;
}
