import { shortened } from '../../../models/call-failures.ts';
import type { TrainingState, TrainingStatus } from '../../training-backend.ts';
import type { EngineApi } from '../engine-api.ts';
import type { HostedJob } from './wire.ts';

/** OpenAI's states, and synonyms used by compatible services. */
const STATES: ReadonlyMap<string, TrainingState> = new Map([
  ['validating_files', 'queued'],
  ['pending', 'queued'],
  ['queued', 'queued'],
  ['paused', 'queued'],
  ['pausing', 'running'],
  ['running', 'running'],
  // Together's.
  ['compressing', 'running'],
  ['uploading', 'running'],
  ['cancel_requested', 'running'],
  ['succeeded', 'succeeded'],
  ['completed', 'succeeded'],
  ['failed', 'failed'],
  ['error', 'failed'],
  ['cancelled', 'cancelled'],
  ['canceled', 'cancelled'],
]);

/** An unknown state counts as running: services add states. The reason is redacted, since it may repeat a key. */
export function hostedStatus({ status, error }: Pick<HostedJob, 'status' | 'error'>): TrainingStatus {
  const state = STATES.get(status) ?? 'running';
  const said = [error?.code, error?.message].filter(Boolean).join(': ');
  const reason = said || (state === status ? '' : status);
  return { state, exitCode: null, reason: shortened(reason) || null };
}

/** Whether a job has succeeded or still can. */
export function isAlive(job: Pick<HostedJob, 'status' | 'error'>): boolean {
  return !['failed', 'cancelled'].includes(hostedStatus(job).state);
}

/** The status of a job that the service does not know. */
export function unknownJob({ url }: EngineApi, id: string): TrainingStatus {
  return { state: 'lost', exitCode: null, reason: `${url.host} does not know job ${id}.` };
}
