import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AloeConfig } from '../config/config.ts';
import { readConfig } from '../config/read-config.ts';
import { InvalidOptionError } from '../errors.ts';
import { canonicalJson } from '../internal/hash.ts';
import { sleep } from '../internal/sleep.ts';
import { checkRecipe } from '../pipeline/recipe.ts';
import { takePart } from '../pipeline/take-part.ts';
import { displayedPlace } from '../runs/postgres-url.ts';
import { checkRunUrl } from './check-run-url.ts';
import { unusableRun } from './command-run.ts';
import { readNumber } from './read-number.ts';
import { studyArgs } from './study/study.ts';
import { withConfig } from './study/with-config.ts';
import { printError } from './terminal.ts';
import { defineVerb, type Verb } from './verb.ts';

/** How often `--wait` looks for work. */
const POLL_MS = 2_000;

export const workCommand: Verb = defineVerb({
  args: {
    run: { type: 'positional', required: true, description: 'URL of the run.' },
    config: {
      type: 'positional',
      required: false,
      description: 'Config file, if its models are made in code (default: what `aloe run` has stored).',
    },
    wait: { type: 'boolean', description: 'Wait for a run to begin, and for the next one when it is done.' },
    concurrency: {
      type: 'string',
      valueHint: 'N',
      description: 'Maximum number of model calls in flight here.',
    },
    'models-dir': studyArgs['models-dir'],
    offline: studyArgs.offline,
  },
  examples: [
    {
      words: "work 'postgres://aloe@db.local/aloe?run=first&sslmode=verify-full'",
      what: 'Help with a run that `aloe run --run URL` has started, until it is done.',
    },
    {
      words: "work 'postgres://aloe@localhost/aloe?run=first' --wait",
      what: 'On a machine that is always there: wait for work, too.',
    },
  ],
  interrupted: 'Stopped. Its unfinished work was given back. Run the same command again to go on.',
  stopping: 'Stopping. No new calls are made; unfinished work goes to other processes.',
  async run({ args, signal, resumeWith }) {
    const { run, wait = false } = args;
    checkRunUrl(run);
    const name = displayedPlace(run);
    const made = args.config === undefined ? undefined : await readConfig(args.config);
    const concurrency =
      args.concurrency === undefined
        ? undefined
        : readNumber('concurrency', args.concurrency, { min: 1, whole: true });
    let done: string | undefined;
    let calls = 0;
    for (;;) {
      const stored = await readStored(run);
      const version = stored === null ? undefined : canonicalJson(stored);
      if (version === undefined || version === done) {
        if (!wait && version === undefined) throw notBegun(name);
        if (!wait)
          return { text: `${name} is done. ${calls} calls were made here.`, json: { run: name, calls } };
        if (done === undefined) printError(`Waiting for ${name} to begin.`);
        await sleep(POLL_MS, signal);
        continue;
      }
      const recipe = checkRecipe(stored, name);
      if (made === undefined && recipe.madeInCode.length > 0) throw madeInCode(name, recipe.madeInCode);
      const files = await mkdtemp(join(tmpdir(), 'aloe-work-'));
      const config: AloeConfig = {
        ...(made ?? recipe.config),
        run,
        files,
        ...(concurrency && { concurrency }),
      };
      try {
        await withConfig(
          config,
          { parts: recipe.parts, takesPart: true, args, unasked: true, signal, resumeWith },
          async ({ pipeline }) => {
            await takePart(pipeline, recipe.parts);
            calls += pipeline.run.stats().calls;
          },
        );
      } finally {
        await rm(files, { recursive: true, force: true });
      }
      done = version;
    }
  },
});

/** What the run has stored. Null if it has not begun. */
async function readStored(url: string): Promise<unknown> {
  try {
    const { readRunRecipe } = await import('../runs/postgres/recipe.ts');
    return await readRunRecipe(url);
  } catch (error) {
    throw unusableRun(error);
  }
}

function notBegun(name: string): InvalidOptionError {
  return new InvalidOptionError(`${name} has not begun: nobody has stored what it is about.`, {
    hint: 'Start `aloe run --run URL` on one machine first, or add --wait.',
  });
}

function madeInCode(name: string, options: readonly string[]): InvalidOptionError {
  return new InvalidOptionError(
    `The config of ${name} has models that were made in code (${options.join(', ')}), which cannot be stored.`,
    { hint: 'Name the config: aloe work URL aloe.config.ts' },
  );
}
