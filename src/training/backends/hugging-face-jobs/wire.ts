import * as z from 'zod';
import { shortened } from '../../../models/call-failures.ts';
import { redact } from '../../../redact.ts';
import type { TrainingState, TrainingStatus } from '../../training-backend.ts';
import { jobId } from '../hosted/wire.ts';

// Only the fields in use, as in the official clients (@huggingface/hub 2.17 for Node, huggingface_hub 2.4 for Python).

/** The path of a namespace's jobs. */
export function jobsPath(namespace: string): string {
  return `/api/jobs/${encodeURIComponent(namespace)}`;
}

/** The path of a job. */
export function jobPath(namespace: string, id: string, part = ''): string {
  return `${jobsPath(namespace)}/${encodeURIComponent(id)}${part}`;
}

/** The path of a repository, such as `/api/models/me/bees`. */
export function repoPath(type: 'models' | 'datasets', repo: string, part = ''): string {
  return `/api/${type}/${repo.split('/').map(encodeURIComponent).join('/')}${part}`;
}

/** A job. */
export interface HubJob {
  readonly id: string;
  /** ISO 8601. */
  readonly createdAt?: string | null | undefined;
  readonly labels?: Readonly<Record<string, string>> | null | undefined;
  readonly status: { readonly stage: string; readonly message?: string | null | undefined };
}

/** Schema of a {@link HubJob}. */
export const hubJob: z.ZodType<HubJob> = z.object({
  id: jobId,
  createdAt: z.string().nullish(),
  labels: z.record(z.string(), z.string()).nullish(),
  status: z.object({ stage: z.string(), message: z.string().nullish() }),
});

/** Whose a token is. */
export interface HubAccount {
  readonly name: string;
  readonly canPay?: boolean | null | undefined;
  readonly orgs?: readonly { readonly name: string }[] | null | undefined;
}

/** Schema of a {@link HubAccount}. */
export const hubAccount: z.ZodType<HubAccount> = z.object({
  name: z.string(),
  canPay: z.boolean().nullish(),
  orgs: z.array(z.object({ name: z.string() })).nullish(),
});

/** A kind of machine. */
export interface HubHardware {
  readonly name: string;
  readonly prettyName?: string | null | undefined;
  /** `quantity` GPUs, as text or number. */
  readonly accelerator?:
    | { readonly quantity?: string | number | null | undefined; readonly vram?: string | null | undefined }
    | null
    | undefined;
  readonly unitCostUSD?: number | null | undefined;
  /** `minute`. */
  readonly unitLabel?: string | null | undefined;
}

/** Schema of the list of {@link HubHardware}. */
export const hubHardware: z.ZodType<readonly HubHardware[]> = z.array(
  z.object({
    name: z.string(),
    prettyName: z.string().nullish(),
    accelerator: z
      .object({ quantity: z.union([z.string(), z.number()]).nullish(), vram: z.string().nullish() })
      .nullish(),
    unitCostUSD: z.number().nullish(),
    unitLabel: z.string().nullish(),
  }),
);

/** A file or directory of a repository. */
export interface HubEntry {
  readonly type: string;
  readonly path: string;
  readonly size?: number | null | undefined;
  /** For large files, with the SHA-256 as `oid`. */
  readonly lfs?: { readonly oid?: string | null | undefined } | null | undefined;
}

/** Schema of a list of {@link HubEntry}. */
export const hubTree: z.ZodType<readonly HubEntry[]> = z.array(
  z.object({
    type: z.string(),
    path: z.string(),
    size: z.number().nullish(),
    lfs: z.object({ oid: z.string().nullish() }).nullish(),
  }),
);

/** The clients do not agree on the names: Python's stages, and those of the one for Node. */
const STATES: ReadonlyMap<string, TrainingState> = new Map([
  ['SCHEDULING', 'queued'],
  ['QUEUED', 'queued'],
  ['PENDING', 'queued'],
  ['PAUSED', 'queued'],
  ['RUNNING', 'running'],
  ['COMPLETED', 'succeeded'],
  ['ERROR', 'failed'],
  ['CANCELED', 'cancelled'],
  ['CANCELLED', 'cancelled'],
  ['STOPPED', 'cancelled'],
  ['DELETED', 'lost'],
]);

/** An unknown stage counts as running. */
export function hubStatus({ status: { stage, message } }: HubJob): TrainingStatus {
  const state = STATES.get(stage.toUpperCase()) ?? 'running';
  const code = /exit code:? *(\d{1,3})\b/i.exec(message ?? '')?.[1];
  const exitCode = code === undefined ? (state === 'succeeded' ? 0 : null) : Number(code);
  const isKnown = ['RUNNING', 'COMPLETED'].includes(stage);
  return { state, exitCode, reason: shortened(redact(message || (isKnown ? '' : stage))) || null };
}
