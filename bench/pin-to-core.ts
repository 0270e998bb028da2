import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';

/** Pins this process, with all current and future threads, to one core, if the system supports it. */
export function pinToCore(core: number): void {
  // If the parent is pinned, `availableParallelism()` is too low, so this counts the machine's cores.
  if (cpus().length < 2) return;
  spawnSync('taskset', ['-acp', String(core), String(process.pid)], { stdio: 'ignore' });
}
