import { readdir, readlink } from 'node:fs/promises';

/** The files of a folder that this process holds open. Linux tells; elsewhere there seem to be none. */
export async function openFiles(folder: string): Promise<string[]> {
  if (process.platform !== 'linux') return [];
  const open = (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ''));
  return (await Promise.all(open)).filter((file) => file.startsWith(folder));
}
