import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMMAND_TARGETS } from './command-targets.ts';
import { fileTargets } from './file-targets.ts';
import { REPLY_TARGETS } from './reply-targets.ts';
import { serverTargets } from './server-targets.ts';
import type { FuzzTarget } from './target.ts';

/** Every reader of foreign bytes in the library, and what removes the traces. */
export async function openTargets(): Promise<{ targets: FuzzTarget[]; close: () => Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'aloe-fuzz-'));
  const servers = await serverTargets();
  return {
    targets: [...REPLY_TARGETS, ...COMMAND_TARGETS, ...(await fileTargets(dir)), ...servers.targets],
    close: async () => {
      await servers.close();
      await rm(dir, { recursive: true });
    },
  };
}
