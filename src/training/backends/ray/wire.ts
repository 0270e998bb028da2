import * as z from 'zod';
import type { WholeResponse } from '../../../http/whole-request.ts';
import { shortened } from '../../../models/call-failures.ts';
import { redact } from '../../../redact.ts';
import { failureReason } from '../../folder/folder-logs.ts';
import type { TrainingState, TrainingStatus } from '../../training-backend.ts';

// Ray Jobs REST API, version 4, as Ray 2.58 serves it (`ray/dashboard/modules/job`).

/** The slash at the end is part of the route: without it Ray answers 404. */
export const JOBS_PATH = '/api/jobs/';

/** The path of a job. */
export function jobPath(id: string, part = ''): string {
  return `${JOBS_PATH}${encodeURIComponent(id)}${part}`;
}

/** Whether Ray itself says that it has no such job. Any other 404 comes from a proxy or another server. */
export function isUnknownJob({ status, text }: WholeResponse, id: string): boolean {
  return status === 404 && text.includes(`Job ${id} does not exist`);
}

/** The path of an uploaded package. */
export function packagePath(name: string): string {
  return `/api/packages/gcs/${name}`;
}

/** Answer of `/api/version`. */
export const rayVersion: z.ZodType<{ readonly ray_version: string }> = z.object({ ray_version: z.string() });

/** The state API's list of nodes, with `detail=1`. */
export const rayNodes: z.ZodType<RayNodes> = z.object({
  data: z.object({
    result: z.object({
      result: z.array(
        z.object({ state: z.string(), resources_total: z.record(z.string(), z.number()).nullish() }),
      ),
    }),
  }),
});

/** See {@link rayNodes}. */
export interface RayNodes {
  readonly data: {
    readonly result: {
      readonly result: readonly {
        readonly state: string;
        readonly resources_total?: Readonly<Record<string, number>> | null | undefined;
      }[];
    };
  };
}

/** A job of the Jobs API. */
export interface RayJob {
  readonly status: string;
  readonly message?: string | null | undefined;
  readonly driver_exit_code?: number | null | undefined;
  /** Unix milliseconds. */
  readonly start_time?: number | null | undefined;
}

/** Schema of a {@link RayJob}. */
export const rayJob: z.ZodType<RayJob> = z.object({
  status: z.string(),
  message: z.string().nullish(),
  driver_exit_code: z.number().nullish(),
  start_time: z.number().min(0).max(8.64e15).nullish(),
});

/** A job's whole log. */
export const rayLogs: z.ZodType<{ readonly logs: string }> = z.object({ logs: z.string() });

const STATES: ReadonlyMap<string, TrainingState> = new Map([
  ['PENDING', 'queued'],
  ['RUNNING', 'running'],
  ['STOPPED', 'cancelled'],
  ['SUCCEEDED', 'succeeded'],
  ['FAILED', 'failed'],
]);

/** An unknown state counts as running. */
export function rayStatus({ status, message, driver_exit_code: exitCode }: RayJob): TrainingStatus {
  const state = STATES.get(status) ?? 'running';
  return {
    state,
    exitCode: exitCode ?? null,
    reason: state === 'queued' || state === 'failed' ? happenedAndCause(message ?? '') : null,
  };
}

/** A failed job's message is what happened, followed by the end of its log. */
function happenedAndCause(message: string): string | null {
  const [first, ...log] = message.split(/[\r\n]+/).filter((line) => line.trim() !== '');
  if (first === undefined) return null;
  const happened = redact(first.replace(/, last available logs.*$/, ''));
  const cause = failureReason(log.join('\n'));
  return shortened(cause === null ? happened : `${happened}: ${cause}`);
}
