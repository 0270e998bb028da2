import { stdin } from 'node:process';
import { createInterface } from 'node:readline/promises';
import { InvalidOptionError } from '../../errors.ts';
import { shortNumber } from '../../internal/format.ts';
import { readRun } from '../../runs/manage/read-run.ts';
import { removeRun } from '../../runs/manage/remove-run.ts';
import { unusableRun } from '../command-run.ts';
import { megabytes } from '../terminal.ts';
import { defineVerb, type Verb } from '../verb.ts';

export const rmCommand: Verb = defineVerb({
  args: {
    run: { type: 'positional', required: true, description: 'Run directory, or its URL in a database.' },
    yes: { type: 'boolean', description: 'Do not ask.' },
  },
  examples: [
    { words: 'runs rm runs/first', what: 'Ask, then remove its stored answers. Other files in it stay.' },
    { words: 'runs rm runs/first --yes', what: 'The same without a question, in a script.' },
  ],
  interrupted: 'Interrupted. Run it again to remove what is left.',
  async run({ args, signal }) {
    const unusable = (error: unknown) => {
      throw unusableRun(error);
    };
    const run = await readRun(args.run).catch(unusable);
    if (!args.yes) await confirm(`Remove ${run.dir}`, run, signal);
    const result = await removeRun(args.run).catch(unusable);
    const gone = `Removed ${run.dir} (${shortNumber(run.calls)} answers, ${megabytes(run.bytes)}).`;
    const left =
      result.left.length === 0 ? '' : ` Not the run's, and still there: ${result.left.join(', ')}.`;
    return { text: `${gone}${left}`, json: result };
  },
});

/** @throws InvalidOptionError unless the answer is yes. */
async function confirm(
  what: string,
  { calls, bytes }: { readonly calls: number; readonly bytes: number },
  signal: AbortSignal,
): Promise<void> {
  const loss = `${shortNumber(calls)} stored answers, ${megabytes(bytes)}`;
  const refusal = new InvalidOptionError(
    `${what}? It holds ${loss}, which would have to be paid for again.`,
    {
      hint: 'Add --yes to remove it.',
    },
  );
  if (!stdin.isTTY) throw refusal;
  const asking = createInterface({ input: stdin, output: process.stderr });
  try {
    const answer = await asking.question(`${what} with ${loss}? [y/N] `, { signal });
    if (!/^y(es)?$/i.test(answer.trim())) throw refusal;
  } finally {
    asking.close();
  }
}
