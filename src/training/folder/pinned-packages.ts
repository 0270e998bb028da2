import { fileSha256 } from '../../internal/hash.ts';
import { shellQuote } from '../../internal/shell-quote.ts';
import type { TrainingFile } from '../job/training-job.ts';
import { pythonFilePath, readPythonFile } from './python-script.ts';

const REQUIREMENTS = 'requirements-train.txt';

/** How a machine elsewhere gets the versions of `setupPython()`. */
export interface PinnedPackages {
  /** A file that the commands need in their directory. */
  readonly inputs: Readonly<Record<string, TrainingFile>>;
  /** Lines of a shell script. torch comes first, on its own: the list is without it, as users choose its build. */
  readonly commands: readonly string[];
}

/** The installation as commands, for the Python with this path. pip checks the SHA-256 of all but torch's files. */
export async function pinnedPackages(python: string): Promise<PinnedPackages> {
  const torch = /^torch==.*$/m.exec(await readPythonFile('requirements-train.in'))?.[0] ?? 'torch';
  const path = pythonFilePath(REQUIREMENTS);
  const pip = `${python} -m pip install --quiet --disable-pip-version-check --root-user-action=ignore`;
  return {
    inputs: { [REQUIREMENTS]: { path, sha256: await fileSha256(path) } },
    commands: [`${pip} ${shellQuote(torch)}`, `${pip} --no-deps --require-hashes -r ${REQUIREMENTS}`],
  };
}
