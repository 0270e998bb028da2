import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';

/** Keeps this process, all threads that it has and will have, on one core where the system can do that. */
export function pinToCore(core: number): void {
  // What is available was counted down already where the parent is pinned: the machine's cores are asked for.
  if (cpus().length < 2) return;
  spawnSync('taskset', ['-acp', String(core), String(process.pid)], { stdio: 'ignore' });
}
