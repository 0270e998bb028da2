import { checkKnownOptions, type Scalars, wholeNumber } from '../../internal/option-checks.ts';
import { checkMethod } from '../../internal/options.ts';
import { callKey, rowId } from '../call-key.ts';
import type { BatchHost, ChatModel, HostedModel } from '../chat-model.ts';
import type { BatchProvider } from './batch-provider.ts';
import { type BatchRecords, NO_RECORDS, openBatchRecords } from './batch-records.ts';
import { Batcher } from './batcher.ts';
import { openaiBatches } from './openai-batches.ts';

/** Options of {@link batched}. */
export interface BatchedOptions {
  /** The batch API. Default: OpenAI's, at the server of the model. */
  readonly provider?: BatchProvider | undefined;
  /** Time between two looks at a batch, in milliseconds. Default 30,000. */
  readonly pollMs?: number | undefined;
  /**
   * A batch is submitted when no call has arrived for so many milliseconds and no other model of the run is working: all
   * conversations then wait for it. Default 5,000.
   */
  readonly quietMs?: number | undefined;
  /** Longest time that a call waits to be submitted, in milliseconds. Default 600,000 (ten minutes). */
  readonly maxWaitMs?: number | undefined;
  /** Most calls in a batch. Default: what the provider accepts (OpenAI: 50,000). */
  readonly maxRows?: number | undefined;
  /** How often a call is sent again if it failed in a batch or the batch expired before its turn. Default 3. */
  readonly retries?: number | undefined;
}

const scalars: Scalars<
  Record<'pollMs' | 'quietMs' | 'maxWaitMs' | 'retries', number> & Record<'maxRows', number>
> = {
  pollMs: wholeNumber({ min: 1, max: 86_400_000 }, 30_000),
  quietMs: wholeNumber({ min: 0, max: 86_400_000 }, 5_000),
  maxWaitMs: wholeNumber({ min: 0, max: 86_400_000 }, 600_000),
  retries: wholeNumber({ min: 0 }, 3),
  maxRows: wholeNumber({ min: 1 }, Number.POSITIVE_INFINITY),
};

/**
 * A model whose calls go through the provider's batch API, at about half the price. An answer takes minutes to 24 hours.
 * Calls that arrive are gathered; once all conversations wait, they are submitted as one batch. So conversations advance
 * in lock-step, two to three batches per turn.
 *
 * Pass it wherever a model goes. It has the id of the model inside: stored answers of one are those of the other, and a
 * run can be finished without batches. In a run with a directory, submitted batches outlive the process. Aborting the work
 * does not cancel them; the next process takes them up.
 *
 * @param model A model of `openai()` or `openaiCompatible()`, or any model with a `provider`.
 *
 * @example
 * ```ts
 * import { openRun } from 'aloe-align';
 * import { batched } from 'aloe-align/models/batch';
 * import { openai } from 'aloe-align/models/openai';
 *
 * const run = await openRun('runs/cheap', { prices: { 'gpt-4o': { input: 2.5, output: 10 } } });
 * const judge = batched(openai('gpt-4o'));
 * ```
 *
 * @throws InvalidOptionError if an option is unknown or wrong, or the model has no batch API.
 */
export function batched(model: ChatModel, options: BatchedOptions = {}): ChatModel {
  checkKnownOptions<BatchedOptions>('batched()', options, {
    provider: true,
    pollMs: true,
    quietMs: true,
    maxWaitMs: true,
    maxRows: true,
    retries: true,
  });
  checkMethod('model', model, 'generate', 'a ChatModel');
  const provider = options.provider ?? openaiBatches(model);
  checkMethod('provider', provider, 'submit', 'a BatchProvider');
  const settings = {
    pollMs: scalars.pollMs(options.pollMs, 'pollMs'),
    quietMs: scalars.quietMs(options.quietMs, 'quietMs'),
    maxWaitMs: scalars.maxWaitMs(options.maxWaitMs, 'maxWaitMs'),
    retries: scalars.retries(options.retries, 'retries'),
    maxRows: Math.min(provider.maxRows, scalars.maxRows(options.maxRows, 'maxRows')),
  };
  const { id, server } = model;

  function inBatches({ path, onEvent, isBusy }: BatchHost): HostedModel {
    let opened: Promise<BatchRecords> | undefined;
    async function records(): Promise<BatchRecords> {
      if (path === null) return NO_RECORDS;
      opened ??= openBatchRecords(path, provider.name);
      return opened;
    }
    const batcher = new Batcher({ ...settings, model: id, provider, records, onEvent, isBusy });
    return {
      model: {
        id,
        server,
        generate: (request, { place, signal } = {}) =>
          batcher.call(
            // The same call has the same id in every process.
            rowId(callKey(id, request, place)),
            request,
            signal,
          ),
      },
      close: () => batcher.close(),
    };
  }

  let alone: HostedModel | undefined;
  return {
    id,
    server,
    inBatches,
    generate(request, callOptions) {
      alone ??= inBatches({ path: null, onEvent: () => {}, isBusy: () => false });
      return alone.model.generate(request, callOptions);
    },
  };
}
