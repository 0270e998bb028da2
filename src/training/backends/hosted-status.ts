import { shortened } from '../../models/call-failures.ts';
import type { TrainingState, TrainingStatus } from '../training-backend.ts';
import type { HostedJob } from './hosted-wire.ts';

/** OpenAI's words, and those that services after its model use for the same. */
const STATES: ReadonlyMap<string, TrainingState> = new Map([
  ['validating_files', 'queued'],
  ['pending', 'queued'],
  ['queued', 'queued'],
  ['paused', 'queued'],
  ['pausing', 'running'],
  ['running', 'running'],
  ['succeeded', 'succeeded'],
  ['completed', 'succeeded'],
  ['failed', 'failed'],
  ['error', 'failed'],
  ['cancelled', 'cancelled'],
  ['canceled', 'cancelled'],
]);

/** A word that is not known is not final: services have added states before. The reason may repeat a key: none stays. */
export function hostedStatus({ status, error }: HostedJob): TrainingStatus {
  const state = STATES.get(status) ?? 'running';
  const said = [error?.code, error?.message].filter(Boolean).join(': ');
  const reason = said || (state === status ? '' : status);
  return { state, exitCode: null, reason: shortened(reason) || null };
}

/** Whether a job with this status can still give, or has given, what it was made for. */
export function isAlive(job: HostedJob): boolean {
  return !['failed', 'cancelled'].includes(hostedStatus(job).state);
}
