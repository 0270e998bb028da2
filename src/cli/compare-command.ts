import { resolve } from 'node:path';
import { InvalidOptionError } from '../errors.ts';
import { compareEvaluations } from '../evaluation/compare-evaluations.ts';
import { readEvaluation } from '../evaluation/evaluation-file.ts';
import { adjustComparisons } from '../report/adjust-comparisons.ts';
import { withDistinctNames } from '../report/distinct-names.ts';
import { renderMarkdownReport } from '../report/markdown-report.ts';
import { EXIT } from './exit-status.ts';
import { checkGate, describeGate, gateArgs, readGate } from './gate.ts';
import { printError } from './terminal.ts';
import { defineVerb, type Verb } from './verb.ts';

export const compareCommand: Verb = defineVerb({
  args: {
    base: { type: 'positional', description: 'Evaluation file of the candidate to compare with.' },
    other: { type: 'positional', description: 'Evaluation files of the candidates to compare.' },
    title: { type: 'string', default: 'Comparison', description: 'Title of the table.' },
    ...gateArgs('the difference in the average alignment level (each OTHER minus BASE)'),
  },
  many: true,
  examples: [
    {
      words: 'compare bare.json tuned.json',
      what: 'How much better is tuned than bare on the same cases, with interval and p-value?',
    },
    {
      words: 'compare released.json tuned.json --fail-under -0.1 --fail-by interval',
      what: 'A gate in CI: status 3 unless tuned is at most 0.1 worse, luck aside.',
    },
  ],
  failed: 'Failed.',
  interrupted: 'Interrupted. Nothing was changed.',
  async run({ args, words }) {
    const gate = readGate(args, Number.NEGATIVE_INFINITY);
    const paths = words.map((path) => resolve(path));
    const twice = words.find((_, index) => paths.indexOf(paths[index]!) !== index);
    if (twice !== undefined) {
      throw new InvalidOptionError(`${twice} is given twice.`, { hint: 'Compare different evaluations.' });
    }
    const evaluations = withDistinctNames(await Promise.all(words.map(readEvaluation)));
    const [base, ...others] = evaluations;
    const comparisons = adjustComparisons(
      others.map((other, index) => {
        try {
          return compareEvaluations(base!, other, { among: others });
        } catch (error) {
          if (!InvalidOptionError.isInstance(error)) throw error;
          const hint = error.message.replace(/^Option "\w+": expected (.*), got .*$/s, 'Expected $1.');
          throw new InvalidOptionError(`${words[index + 1]} cannot be compared with ${words[0]}.`, { hint });
        }
      }),
    );
    const gates = comparisons.map((comparison) => ({
      ...comparison,
      gate: gate && checkGate(gate, comparison.difference, comparison.interval),
    }));
    for (const { first, second, gate: outcome } of gates) {
      if (outcome) printError(describeGate(outcome, `the difference of ${second} from ${first}`));
    }
    return {
      text: renderMarkdownReport({ evaluations, comparisons, title: args.title }).trimEnd(),
      json: {
        candidates: evaluations.map(({ candidate, average, statistics }, index) => ({
          file: words[index],
          ...candidate,
          average,
          interval: statistics.average,
        })),
        comparisons: gates,
      },
      status: gates.some(({ gate: outcome }) => outcome?.met === false) ? EXIT.gate : EXIT.done,
    };
  },
});
