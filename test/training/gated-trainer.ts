import { chmod, writeFile } from 'node:fs/promises';

/**
 * Writes a trainer that waits for the file `$GATE` before it trains, so that a test decides when a job goes on.
 *
 * @param trainer the program that then trains.
 * @returns the path of the new program.
 */
export async function writeGatedTrainer(path: string, trainer: string): Promise<string> {
  const program = `#!/usr/bin/env bash\nuntil [ -e "$GATE" ]; do sleep 0.02; done\nexec '${trainer}' "$@"\n`;
  await writeFile(path, program);
  await chmod(path, 0o755);
  return path;
}
