import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';

/**
 * Takes the right to write to a directory. Root is never refused, so for root it is mounted read-only.
 *
 * @returns a function that gives the right back, or null if root may not mount here.
 */
export function makeReadOnly(dir: string): (() => void) | null {
  if (process.getuid?.() !== 0) {
    chmodSync(dir, 0o555);
    return () => chmodSync(dir, 0o755);
  }
  try {
    execFileSync('mount', ['--bind', dir, dir], { stdio: 'ignore' });
    execFileSync('mount', ['-o', 'remount,bind,ro', dir]);
  } catch {
    console.warn('NOT TESTED: a read-only directory. Root may not mount here.');
    return null;
  }
  return () => execFileSync('umount', [dir]);
}
