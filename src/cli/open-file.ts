import { spawn } from 'node:child_process';
import { platform } from 'node:process';

/** Opens a file with the program that the desktop has for it. False if there is none. */
export async function openFile(path: string): Promise<boolean> {
  const [program, ...before] =
    platform === 'darwin' ? ['open'] : platform === 'win32' ? ['explorer.exe'] : ['xdg-open'];
  return new Promise((resolve) => {
    const child = spawn(program!, [...before, path], { detached: true, stdio: 'ignore' });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}
