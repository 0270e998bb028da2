import { duration } from '../internal/format.ts';
import type { LiveState } from './live-state.ts';

/** Who works on a run, and for how long: `process 17 on node-1, for 3 min`, or `3 processes, for 2 h`. */
export function describeProcesses({ pid, host, since, at, processes = [] }: LiveState): string {
  const who = processes.length > 1 ? `${processes.length} processes` : `process ${pid} on ${host}`;
  return `${who}, for ${duration(Date.parse(at) - Date.parse(since))}`;
}
