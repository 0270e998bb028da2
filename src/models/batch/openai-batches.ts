import { FormData } from 'undici';
import { BatchError, InvalidOptionError, ModelCallError } from '../../errors.ts';
import { shortened, unusableResponse } from '../call-failures.ts';
import { chatCompletionsBody } from '../chat-completions.ts';
import type { ChatModel } from '../chat-model.ts';
import { completionsOf } from '../completions-model.ts';
import { batchFileLines, callBatchApi } from './batch-api.ts';
import { BATCHED } from './batch-failures.ts';
import type { BatchHandle, BatchProvider, BatchRow, BatchState, BatchStatus } from './batch-provider.ts';
import { batchFile, batchPage, type OpenAIBatch, openaiBatch } from './openai-wire.ts';
import { readOutputLine } from './read-output.ts';

/** Metadata key under which a batch has the key it was submitted with. */
const KEY = 'aloe_batch';

/** What each row calls. */
const ROW_URL = '/v1/chat/completions';

/** Final states, and `failed`. Any other is `running`. */
const STATES: ReadonlyMap<string, BatchState> = new Map([
  ['completed', 'completed'],
  ['expired', 'expired'],
  ['cancelled', 'cancelled'],
  ['failed', 'failed'],
]);

/** Codes of a batch that was only too much at once: an account has a limit of tokens in unfinished batches. */
const QUEUE_FULL: ReadonlySet<string> = new Set(['token_limit_exceeded', 'rate_limit_exceeded']);

const NO_SUCH_API: ReadonlySet<number | undefined> = new Set([404, 405, 501]);

/** Far more than any account has. Stops at a server that lists new batches forever. */
const MAX_PAGES = 1_000;

/**
 * OpenAI's batch API: files and batches, at half the price and within 24 hours. Other services have the same API.
 *
 * `batched` uses it by itself. Use it directly to look at batches, or to cancel one.
 *
 * @param model A model of `openai()` or `openaiCompatible()`.
 *
 * @example
 * ```ts
 * import { openaiBatches } from 'aloe-align/models/batch';
 * import { openai } from 'aloe-align/models/openai';
 *
 * await openaiBatches(openai('gpt-4o')).cancel({ id: 'batch_abc123' });
 * ```
 *
 * @throws InvalidOptionError if it is another kind of model.
 */
export function openaiBatches(model: ChatModel): BatchProvider {
  const api = completionsOf(model);
  if (api === undefined) {
    throw new InvalidOptionError('model', 'a model of openai() or openaiCompatible()', model, {
      hint: 'Batch the bare model, before other wrappers. For another batch API, pass { provider }.',
    });
  }
  const { id: modelId } = model;

  async function find(key: string, signal: AbortSignal | undefined): Promise<BatchHandle | null> {
    const seen = new Set<string>();
    let after: Record<string, string> = {};
    for (let pages = 0; pages < MAX_PAGES; pages++) {
      const query = { limit: '100', ...after };
      const page = await callBatchApi(api!, batchPage, { method: 'GET', path: '/batches', query, signal });
      for (const batch of page.data) {
        if (batch.metadata?.[KEY] === key) return { id: batch.id };
        // A service that ignores `after` returns the first page again.
        if (seen.has(batch.id)) return null;
        seen.add(batch.id);
      }
      const last = page.data.at(-1);
      if (!page.has_more || last === undefined) return null;
      after = { after: last.id };
    }
    return null;
  }

  async function upload(
    key: string,
    rows: readonly BatchRow[],
    signal: AbortSignal | undefined,
  ): Promise<string> {
    const lines = rows.map(({ id, request }) => {
      const body = chatCompletionsBody(api!.dialect, request);
      return `${JSON.stringify({ custom_id: id, method: 'POST', url: ROW_URL, body })}\n`;
    });
    const form = new FormData();
    form.set('purpose', 'batch');
    form.set('file', new Blob(lines, { type: 'application/jsonl' }), `aloe-${key}.jsonl`);
    const call = { method: 'POST', path: '/files', body: form, signal } as const;
    try {
      return (await callBatchApi(api!, batchFile, call)).id;
    } catch (error) {
      throw ModelCallError.isInstance(error) && NO_SUCH_API.has(error.status) ? noBatches(error) : error;
    }
  }

  const noBatches = (cause: ModelCallError): BatchError =>
    new BatchError(`${modelId}: ${api.address} has no batch API (${cause.status} for /files).`, {
      hint: `Use the model without ${BATCHED}, or pass { provider } for another kind of batch API.`,
      cause,
    });

  const read = ({ id }: BatchHandle, signal: AbortSignal | undefined): Promise<OpenAIBatch> =>
    callBatchApi(api, openaiBatch, { method: 'GET', path: pathOf(id), signal });

  return {
    name: `batches at ${api.address}`,
    maxRows: 50_000,
    // Below 200 MB by what each row adds to its request.
    maxBytes: 190_000_000,
    async submit(key, rows, { signal } = {}) {
      const fileId = await upload(key, rows, signal);
      signal?.throwIfAborted();
      // Not aborted from here on: the batch may be there already, and is paid for.
      const { id } = await callBatchApi(api, openaiBatch, {
        method: 'POST',
        path: '/batches',
        body: {
          input_file_id: fileId,
          endpoint: ROW_URL,
          completion_window: '24h',
          metadata: { [KEY]: key },
        },
      });
      return { id };
    },
    find: (key, { signal } = {}) => find(key, signal),
    poll: async (handle, { signal } = {}) => statusOf(await read(handle, signal)),
    async *results(handle, { signal } = {}) {
      const { output_file_id, error_file_id } = await read(handle, signal);
      for (const fileId of [output_file_id, error_file_id]) {
        if (!fileId) continue;
        const path = `/files/${encodeURIComponent(fileId)}/content`;
        let understood = 0;
        for await (const line of batchFileLines(api, path, signal)) {
          const result = readOutputLine(modelId, line);
          if (result === null) continue;
          understood += 1;
          yield result;
        }
        // A page of a gateway in place of the file. Its rows must not count as missing: they would be paid for again.
        if (understood === 0)
          throw unusableResponse(modelId, `the file ${fileId} is not the output of a batch.`);
      }
    },
    async cancel({ id }, { signal } = {}) {
      await callBatchApi(api, openaiBatch, { method: 'POST', path: `${pathOf(id)}/cancel`, signal }).catch(
        async (error: unknown) => {
          // A batch that has ended cannot be cancelled, and is left as it is.
          const isConflict = ModelCallError.isInstance(error) && [400, 409].includes(error.status ?? 0);
          if (!isConflict || statusOf(await read({ id }, signal)).state === 'running') throw error;
        },
      );
    },
  };
}

function pathOf(id: string): string {
  return `/batches/${encodeURIComponent(id)}`;
}

function statusOf({ status, request_counts: counts, errors }: OpenAIBatch): BatchStatus {
  const state = STATES.get(status) ?? 'running';
  const problems = errors?.data ?? [];
  return {
    state,
    answered: counts ? counts.completed + counts.failed : null,
    reason: state === 'failed' ? describe(problems) : null,
    queueFull: problems.some(({ code }) => QUEUE_FULL.has(code ?? '')),
  };
}

function describe(problems: NonNullable<NonNullable<OpenAIBatch['errors']>['data']>): string {
  const [first] = problems;
  if (first === undefined) return 'the provider gives no reason';
  const { code, message, line } = first;
  const where = typeof line === 'number' ? ` (line ${line} of its file)` : '';
  const more = problems.length > 1 ? ` and ${problems.length - 1} more` : '';
  return `${shortened([code, message].filter(Boolean).join(': ') || 'no message')}${where}${more}`;
}
