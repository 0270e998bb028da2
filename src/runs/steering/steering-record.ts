import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { STEERING_FILE } from '../directory/run-files.ts';
import type { RunEvent } from '../events.ts';

/** What is done to a run while it works. */
export type SteeringEvent = Extract<RunEvent, { type: 'run-paused' | 'run-resumed' | 'run-retuned' }>;

/**
 * Appends a line to `run.steering.jsonl`, so that one can see later why a run took long or stopped. Nothing reads it: the
 * next process begins with the settings of its program.
 */
export function recordSteering(dir: string, event: SteeringEvent): void {
  const line = { at: new Date().toISOString(), pid: process.pid, ...event };
  try {
    appendFileSync(join(dir, STEERING_FILE), `${JSON.stringify(line)}\n`);
  } catch {
    // Pausing must work on a full disk too. The line is then missing.
  }
}
