import * as z from 'zod';
import type { Retuning, RunSettings } from '../runs/steering/steering.ts';
import type { LiveState } from './live-state.ts';

/** Version of what commands and runs say to each other. It is in every message. */
export const PROTOCOL = 1;

/** Answer to `resume`. `changed` is false if the run was not paused. */
export interface ResumeReply {
  readonly changed: boolean;
}

/** Answer to `pause`. `changed` is false if the run was paused already. */
export interface PauseReply {
  readonly changed: boolean;
  readonly state: LiveState;
}

/** Answer to `retune`. Without changes, it only tells the settings. */
export interface RetuneReply {
  readonly before: RunSettings;
  readonly after: RunSettings;
}

/** The longest request, in bytes. */
export const MAX_REQUEST_BYTES = 65_536;

/** What a command asks of a run. `finished` asks for what was finished after the first `after` conversations and cases. */
export type ControlTask =
  | { readonly do: 'state' | 'pause' | 'resume' }
  | { readonly do: 'finished'; readonly after: number }
  | { readonly do: 'retune'; readonly changes: Retuning };

/** Their values are checked by the run, which also says what is wrong. */
const limitSchema: z.ZodType<number | null | undefined> = z.number().nullable().optional();

const changesSchema: z.ZodType<Retuning> = z.strictObject({
  concurrency: z.number().optional(),
  budget: z.strictObject({ usd: limitSchema, tokens: limitSchema }).optional(),
  limits: z
    .record(z.string(), z.strictObject({ requestsPerMinute: limitSchema, tokensPerMinute: limitSchema }))
    .optional(),
});

const taskSchema: z.ZodType<ControlTask> = z.union([
  z.strictObject({ do: z.enum(['state', 'pause', 'resume']) }),
  z.strictObject({ do: z.literal('finished'), after: z.int().min(0) }),
  z.strictObject({ do: z.literal('retune'), changes: changesSchema }),
]);

const requestSchema: z.ZodType<{ readonly id: number; readonly task: ControlTask }> = z.strictObject({
  control: z.literal(PROTOCOL),
  id: z.int(),
  task: taskSchema,
});

/** Answers a request, or says what is wrong with it. */
export type ControlReply = { readonly control: number; readonly id: number | null } & (
  | { readonly ok: unknown }
  | { readonly error: ControlProblem }
);

/** Why a run did not do what it was asked. */
export interface ControlProblem {
  readonly code: string;
  readonly message: string;
}

/** A request as it came, or what is wrong with it. */
export type ReadRequest =
  | { readonly id: number; readonly task: ControlTask }
  | { readonly id: number | null; readonly problem: ControlProblem };

/** Reads a request. Nothing in it is trusted. */
export function readRequest(value: unknown): ReadRequest {
  const { control, id } = (typeof value === 'object' && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  const known = typeof id === 'number' && Number.isInteger(id) ? id : null;
  if (control !== PROTOCOL) {
    return { id: known, problem: { code: 'other-version', message: `This run speaks version ${PROTOCOL}.` } };
  }
  const parsed = requestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  return { id: known, problem: { code: 'bad-request', message: z.prettifyError(parsed.error) } };
}

/** A reply with what it answers, for a client. */
export const replySchema: z.ZodType<{
  readonly control: number;
  readonly id: number | null;
  readonly ok?: unknown;
  readonly error?: ControlProblem | undefined;
}> = z.object({
  control: z.int(),
  id: z.int().nullable(),
  ok: z.unknown().optional(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
});
