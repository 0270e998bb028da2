import { basename, dirname, join, resolve } from 'node:path';
import { InvalidOptionError } from '../errors.ts';
import { isRunFile } from '../runs/run-files.ts';

/** What decides where a result is written. */
export interface ResultPathOptions {
  /** The file that was asked for. Default: NAME.json in `dir`. */
  readonly out: string | undefined;
  /** Name of the candidate, which may hold anything. Letters and digits of every script are kept. */
  readonly name: string;
  readonly dir: string;
  /** The run directory, whose own files are not to be replaced. */
  readonly run: string;
}

/** @throws InvalidOptionError if the result would replace one of the run's own files. */
export function resultPath({ out, name, dir, run }: ResultPathOptions): string {
  const path = out ?? join(dir, `${name.replaceAll(/[^\p{L}\p{M}\p{N}_.-]+/gu, '-')}.json`);
  if (isRunFile(basename(path)) && resolve(dirname(path)) === resolve(run)) {
    const [option, given] = out === undefined ? ['name', name] : ['out', out];
    throw new InvalidOptionError(option, `another one, since the run needs ${path} for itself`, given);
  }
  return path;
}
