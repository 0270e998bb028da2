import { stderr, stdout } from 'node:process';
import { InvalidOptionError } from '../errors.ts';
import { nearest } from '../internal/nearest.ts';
import { VERSION } from '../internal/version.ts';
import { readEnvironmentFile } from './environment-file.ts';
import { EXIT } from './exit-status.ts';
import { type FoundVerb, findVerb } from './find-verb.ts';
import { guarded } from './guarded.ts';
import { groupHelp, verbHelp } from './help.ts';
import { print, printError } from './terminal.ts';

/** Runs the command named in `process.argv`. */
export async function main(): Promise<void> {
  // A reader such as `head` closes the pipe when it has seen enough.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.done);
    printError(`\nError: stdout cannot be written (${error.message}).`);
    process.exit(EXIT.failed);
  });
  // Paid work goes on when nobody reads its progress any more.
  stderr.on('error', () => {});
  const words = process.argv.slice(2);
  let found: FoundVerb | undefined;
  await guarded(
    async () => {
      if (words.length === 1 && isAmong(words, ['--version', '-v'])) {
        print(VERSION);
        return EXIT.done;
      }
      let named = findVerb(words);
      const [next, ...others] = named.rest;
      const isHelp = next === 'help' && 'verbs' in named.entry;
      if (isHelp) named = findVerb([...named.path, ...others]);
      if (isHelp || isAmong(words, ['--help', '-h'])) {
        print(await helpOf(named, stdout.columns));
        return EXIT.done;
      }
      if (!('verbs' in named.entry)) {
        readEnvironmentFile();
        found = named;
        return EXIT.done;
      }
      const [flag] = named.rest;
      if (flag !== undefined) throw unknownFlag(flag);
      printError(await helpOf(named, stderr.columns));
      printError('\nError: no command given.');
      return EXIT.usage;
    },
    { resume: () => 'Interrupted.', json: isAmong(words, ['--json']) },
  );
  if (found === undefined || 'verbs' in found.entry) return;
  const verb = await found.entry.load();
  await verb.execute(found.rest);
}

/** Whether one of the flags is among the words before `--`. */
function isAmong(words: readonly string[], flags: readonly string[]): boolean {
  const end = words.indexOf('--');
  return words.slice(0, end === -1 ? undefined : end).some((word) => flags.includes(word));
}

async function helpOf({ path, entry }: FoundVerb, columns = 80): Promise<string> {
  const name = ['aloe', ...path].join(' ');
  return 'verbs' in entry
    ? groupHelp(name, entry, columns)
    : verbHelp(name, entry.description, await entry.load(), columns);
}

function unknownFlag(flag: string): InvalidOptionError {
  const meant = nearest(flag, ['--version', '--help'], Math.ceil(flag.length / 2));
  const hint = meant === undefined ? 'Name a command first.' : `Did you mean "${meant}"?`;
  return new InvalidOptionError(`There is no option "${flag}".`, { hint });
}
