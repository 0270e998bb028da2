import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { TrainingError } from '../errors.ts';
import { withLock } from '../internal/file-lock.ts';
import { runCommand } from '../internal/run-command.ts';
import { userCacheFolder } from '../internal/user-cache-folder.ts';
import { writeFileAtomic } from '../internal/write-file.ts';
import { readIfThere } from './job-folder.ts';
import { pythonFilePath, readPythonFile } from './python-script.ts';

/** Holds what was installed; written when all of it was. */
const STAMP = 'installed.txt';

/** In the stamp, before the index that torch came from. */
const FROM_INDEX = '\ntorch from ';

export type SetupEvent =
  | { readonly type: 'setup-step'; readonly command: string }
  /** A line of pip's. */
  | { readonly type: 'setup-output'; readonly line: string };

export interface SetupPythonOptions {
  /** The environment's folder. Default: `aloe-align/python-train` in the user's cache folder. */
  readonly dir?: string | undefined;
  /** The Python it is made of, 3.10 or later. Default `python3`. */
  readonly python?: string | undefined;
  /** Where torch comes from, for another build than the default: `https://download.pytorch.org/whl/cpu`. */
  readonly torchIndexUrl?: string | undefined;
  /** Packages on top, as pip takes them: `deepspeed`, `ray[default]`. */
  readonly packages?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: SetupEvent) => void) | undefined;
}

/**
 * Makes a Python environment with TRL in the versions this library was tested with. An environment that is there and
 * complete is used as it is; one that broke off half-way is completed.
 *
 * @returns the path of its Python, for the `python` option of a backend.
 * @throws TrainingError with pip's own words when it fails.
 */
export async function setupPython(options: SetupPythonOptions = {}): Promise<string> {
  const { python = 'python3', packages = [], torchIndexUrl, signal, onEvent } = options;
  const dir = resolve(options.dir ?? defaultFolder());
  const own = pythonIn(dir);
  const stamp = join(dir, STAMP);
  const requirements = await readPythonFile('requirements-train.txt');
  const needed = [requirements, ...packages].join('\n');
  const wanted = torchIndexUrl === undefined ? needed : `${needed}${FROM_INDEX}${torchIndexUrl}`;

  async function run(command: readonly string[]): Promise<void> {
    onEvent?.({ type: 'setup-step', command: command.join(' ') });
    const onLine = (line: string): void => onEvent?.({ type: 'setup-output', line });
    const { exitCode, stderr } = await runCommand(command, { signal, onLine });
    if (exitCode === 0) return;
    throw new TrainingError(
      'setup',
      `${command.join(' ')} ended with ${exitCode}: ${stderr.trim().slice(-1_000)}`,
    );
  }

  await mkdir(dir, { recursive: true });
  await withLock(
    join(dir, 'setup.lock'),
    async () => {
      const found = await readIfThere(stamp);
      // Without an index any build of torch will do, also one from an index that was given earlier.
      const isThere =
        found === wanted || (torchIndexUrl === undefined && found?.split(FROM_INDEX)[0] === needed);
      if (isThere && existsSync(own)) return;
      const pip = [own, '-m', 'pip', 'install', '--disable-pip-version-check', '--quiet'];
      const torch = /^torch==.*$/m.exec(requirements)?.[0] ?? 'torch';
      await run([python, '-m', 'venv', dir]);
      // By itself: from an index of its own, and before what would bring another build along.
      // By force: pip takes another build of the same version for the one that is asked for.
      const source = torchIndexUrl === undefined ? [] : ['--force-reinstall', '--index-url', torchIndexUrl];
      await run([...pip, torch, ...source]);
      await run([...pip, '-r', pythonFilePath('requirements-train.txt'), ...packages]);
      await writeFileAtomic(stamp, wanted);
    },
    signal,
  );
  return own;
}

/** The Python of the environment that `setupPython` makes by default, once it is complete; else `python3`. */
export function defaultPython(): string {
  const dir = defaultFolder();
  return existsSync(join(dir, STAMP)) ? pythonIn(dir) : 'python3';
}

/** A program as it can be started from another folder, as jobs are: a relative path would mean another file there. */
export function programPath(program: string): string {
  return program.includes('/') ? resolve(program) : program;
}

function defaultFolder(): string {
  return join(userCacheFolder(), 'aloe-align', 'python-train');
}

function pythonIn(dir: string): string {
  return join(dir, 'bin', 'python');
}
