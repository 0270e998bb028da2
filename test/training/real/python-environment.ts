import { execFile } from 'node:child_process';
import { copyFile, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { userCacheDir } from '../../../src/internal/user-cache-dir.ts';

const run = promisify(execFile);

/**
 * A Python environment with what `tools/python/requirements-<name>.txt` asks for, made on first use and kept.
 *
 * @returns the folder with its programs.
 */
export async function pythonEnvironment(name: string): Promise<string> {
  const requirements = `tools/python/requirements-${name}.txt`;
  const folder = join(userCacheDir(), 'aloe-align', `python-${name}`);
  const stamp = join(folder, 'installed.txt');
  const programs = join(folder, 'bin');
  if ((await readFile(stamp, 'utf8').catch(() => '')) !== (await readFile(requirements, 'utf8'))) {
    await rm(folder, { recursive: true, force: true });
    await run('python3', ['-m', 'venv', folder]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    await run(join(programs, 'python'), [...pip, '--no-deps', '--require-hashes', '-r', requirements]);
    await copyFile(requirements, stamp);
  }
  return programs;
}
