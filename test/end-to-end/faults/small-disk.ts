import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Mounts a file system of its own, which only an administrator may make. Returns whether it could. */
export function mountDisk(dir: string, kilobytes: number): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', dir], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Whether this user may mount. Says so loudly if not. */
export async function canMount(): Promise<boolean> {
  const dir = await mkdtemp(join(tmpdir(), 'aloe-mount-'));
  const mounted = mountDisk(dir, 64);
  if (mounted) execFileSync('umount', [dir]);
  else console.warn('NOT TESTED: a full disk. This user may not mount a small file system.');
  await rm(dir, { recursive: true });
  return mounted;
}
