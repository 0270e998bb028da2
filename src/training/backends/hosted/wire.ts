import * as z from 'zod';
import { TrainingError } from '../../../errors.ts';
import { parseShallowJson } from '../../../http/json-depth.ts';
import type { EngineApi } from '../engine-api.ts';

// Only the fields in use: compatible services leave some out and add others.

/** Unix seconds, up to the largest value of a Date. */
const time = z.number().min(0).max(8.64e12);

/** An uploaded file. */
export interface StoredFile {
  readonly id: string;
  readonly filename?: string | null | undefined;
  readonly bytes?: number | null | undefined;
  readonly status?: string | null | undefined;
}

/** Schema of a {@link StoredFile}. */
export const storedFile: z.ZodType<StoredFile> = z.object({
  id: z.string(),
  filename: z.string().nullish(),
  bytes: z.number().nullish(),
  status: z.string().nullish(),
});

/** The id becomes part of a URL path, where these would point elsewhere. */
export const jobId: z.ZodType<string> = z
  .string()
  .refine((id) => !['', '.', '..'].includes(id), 'not a usable id');

/** A fine-tuning job. */
export interface HostedJob {
  readonly id: string;
  readonly status: string;
  /** Seconds. */
  readonly created_at?: number | null | undefined;
  readonly fine_tuned_model?: string | null | undefined;
  readonly result_files?: readonly string[] | null | undefined;
  readonly error?:
    | { readonly code?: string | null | undefined; readonly message?: string | null | undefined }
    | null
    | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
}

/** Schema of a {@link HostedJob}. */
export const hostedJob: z.ZodType<HostedJob> = z.object({
  id: jobId,
  status: z.string(),
  created_at: time.nullish(),
  fine_tuned_model: z.string().nullish(),
  result_files: z.array(z.string()).nullish(),
  error: z.object({ code: z.string().nullish(), message: z.string().nullish() }).nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
});

/** An event of a fine-tuning job. */
export interface HostedEvent {
  readonly id: string;
  /** Seconds. */
  readonly created_at: number;
  readonly message: string;
  readonly level?: string | null | undefined;
  readonly type?: string | null | undefined;
  readonly data?: Readonly<Record<string, unknown>> | null | undefined;
}

/** Schema of a {@link HostedEvent}. */
export const hostedEvent: z.ZodType<HostedEvent> = z.object({
  id: z.string(),
  created_at: time,
  message: z.string(),
  level: z.string().nullish(),
  type: z.string().nullish(),
  data: z.record(z.string(), z.unknown()).nullish(),
});

/** The finite numbers of an event or a logged step, by name. */
export function numbersOf(data: Readonly<Record<string, unknown>>): Record<string, number> {
  const numbers = Object.entries(data).filter((entry): entry is [string, number] =>
    Number.isFinite(entry[1]),
  );
  return Object.fromEntries(numbers);
}

const apiError = z.object({ error: z.union([z.string().min(1), z.looseObject({})]) });

/** Whether an error comes from the API itself. A proxy's error page says nothing about the job. */
export function isApiError(text: string): boolean {
  try {
    return apiError.safeParse(parseShallowJson(text)).success;
  } catch {
    return false;
  }
}

/** The path of the list of jobs. */
export const JOBS_PATH = '/fine_tuning/jobs';

/** The path of a job. Its id may contain anything. */
export function jobPath(id: string, part = ''): string {
  return `${JOBS_PATH}/${encodeURIComponent(id)}${part}`;
}

/** Far more than any real list has. Stops at a server that returns new items forever. */
const MAX_PAGES = 1_000;

/**
 * All items of a list, page by page, in the service's order.
 *
 * @throws TrainingError for a list that never ends.
 */
export async function* listAll<Item extends { readonly id: string }>(
  api: EngineApi,
  item: z.ZodType<Item>,
  path: string,
  {
    query = {},
    signal,
  }: { readonly query?: Readonly<Record<string, string>>; readonly signal?: AbortSignal | undefined },
): AsyncGenerator<Item> {
  const schema = z.object({ data: z.array(item), has_more: z.boolean().nullish() });
  const seen = new Set<string>();
  let after: Record<string, string> = {};
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const page = await api.read(schema, {
      method: 'GET',
      path,
      query: { limit: '100', ...query, ...after },
      signal,
    });
    for (const found of page.data) {
      // A service that ignores `after` returns the first page again.
      if (seen.has(found.id)) return;
      seen.add(found.id);
      yield found;
    }
    const last = page.data.at(-1);
    if (!page.has_more || last === undefined) return;
    after = { after: last.id };
  }
  throw new TrainingError(api.backend, `the list at ${api.url.host} for ${path} never ends.`);
}
