import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InvalidOptionError, TrainingError } from '../../errors.ts';
import { checkPath } from '../../internal/check-path.ts';
import { withLock } from '../../internal/file-lock.ts';
import { makeDirectory } from '../../internal/make-directory.ts';
import { checkKnownOptions } from '../../internal/option-checks.ts';
import { runCommand } from '../../internal/run-command.ts';
import { userCacheDir } from '../../internal/user-cache-dir.ts';
import { writeFileAtomic } from '../../internal/write-file.ts';
import { readIfThere } from './job-folder.ts';
import { pythonFilePath, readPythonFile } from './python-script.ts';

/** Lists what was installed. Written when the installation is complete. */
const STAMP = 'installed.txt';

/** In that file, before the index that torch came from. */
const FROM_INDEX = '\ntorch from ';

/** What {@link setupPython} reports. */
export type SetupEvent =
  /** A command is about to run. */
  | { readonly type: 'setup-step'; readonly command: string }
  /** A line of its output. */
  | { readonly type: 'setup-output'; readonly line: string };

/** Options of {@link setupPython}. */
export interface SetupPythonOptions {
  /** Directory of the environment. Default: `aloe-align/python-train` in the user's cache directory. */
  readonly dir?: string | undefined;
  /** The Python to create it with, 3.10 or later. Default `python3`. */
  readonly python?: string | undefined;
  /** Package index to install torch from, for another build: `https://download.pytorch.org/whl/cpu`. Default: pip's. */
  readonly torchIndexUrl?: string | undefined;
  /** More packages to install, as pip names them: `deepspeed`, `ray[default]`. Default: none. */
  readonly packages?: readonly string[] | undefined;
  /** Stops the installation. */
  readonly signal?: AbortSignal | undefined;
  /** Called with each command and each line of its output. */
  readonly onEvent?: ((event: SetupEvent) => void) | undefined;
}

/**
 * Creates a Python environment with TRL and the versions this library was tested with. pip checks the SHA-256 of every
 * file except those of torch and of `packages`. A complete environment is reused, and an incomplete one is completed.
 * `local()` uses the one in the default directory by itself.
 *
 * @returns the path of its Python, for the `python` option of a backend.
 * @throws TrainingError with pip's message when it fails; the signal's reason when aborted.
 */
export async function setupPython(options: SetupPythonOptions = {}): Promise<string> {
  checkKnownOptions<SetupPythonOptions>('setupPython()', options, {
    dir: true,
    python: true,
    torchIndexUrl: true,
    packages: true,
    signal: true,
    onEvent: true,
  });
  const { python = 'python3', packages = [], torchIndexUrl, signal, onEvent } = options;
  const dir = resolve(checkPath('dir', options.dir ?? defaultDir()));
  const own = pythonIn(dir);
  const stamp = join(dir, STAMP);
  const chosen = await readPythonFile('requirements-train.in');
  const needed = [chosen, await readPythonFile('requirements-train.txt'), ...packages].join('\n');
  const wanted = torchIndexUrl === undefined ? needed : `${needed}${FROM_INDEX}${torchIndexUrl}`;

  async function run(command: readonly string[]): Promise<void> {
    onEvent?.({ type: 'setup-step', command: command.join(' ') });
    const onLine = (line: string): void => onEvent?.({ type: 'setup-output', line });
    // -I ignores PYTHONPATH, but what pip starts to build a package would not. An empty entry is the working directory.
    const env = { ...process.env, PYTHONPATH: undefined };
    const { exitCode, stderr } = await runCommand(command, { env, signal, onLine });
    if (exitCode === 0) return;
    throw new TrainingError(
      'setup',
      `${command.join(' ')} exited with code ${exitCode}: ${stderr.trim().slice(-1_000)}`,
    );
  }

  try {
    makeDirectory(dir);
  } catch (cause) {
    throw new InvalidOptionError('dir', 'a directory that can be created', dir, { cause });
  }
  await withLock(
    join(dir, 'setup.lock'),
    async () => {
      const found = await readIfThere(stamp);
      // Without an index, any build of torch will do, including one from an index given earlier.
      const isThere =
        found === wanted || (torchIndexUrl === undefined && found?.split(FROM_INDEX)[0] === needed);
      if (isThere && existsSync(own)) return;
      // -I: a `pip.py` or `venv.py` in the working directory is not executed.
      const pip = [own, '-I', '-m', 'pip', 'install', '--disable-pip-version-check', '--quiet'];
      const torch = /^torch==.*$/m.exec(chosen)?.[0] ?? 'torch';
      await run([python, '-I', '-m', 'venv', dir]);
      // Installed on its own first, since other packages would pull in another build. Forced, since pip treats builds
      // of the same version as equal.
      const source = torchIndexUrl === undefined ? [] : ['--force-reinstall', '--index-url', torchIndexUrl];
      await run([...pip, torch, ...source]);
      // A full list, of which pip checks every file.
      const locked = pythonFilePath('requirements-train.txt');
      await run([...pip, '-r', locked, '--no-deps', '--require-hashes']);
      // Apart, since nobody knows the hashes of these. The chosen versions are named again so that they stay.
      if (packages.length > 0) {
        await run([...pip, '-r', pythonFilePath('requirements-train.in'), ...packages]);
      }
      await writeFileAtomic(stamp, wanted);
    },
    signal,
  );
  return own;
}

/** The Python of `setupPython()`'s default environment if that is complete, otherwise `python3`. */
export function defaultPython(): string {
  const dir = defaultDir();
  return existsSync(join(dir, STAMP)) ? pythonIn(dir) : 'python3';
}

/** Makes a relative path absolute, since jobs start in another directory. A bare program name is left to the PATH. */
export function programPath(program: string): string {
  return program.includes('/') ? resolve(program) : program;
}

function defaultDir(): string {
  return join(userCacheDir(), 'aloe-align', 'python-train');
}

function pythonIn(dir: string): string {
  return join(dir, 'bin', 'python');
}
