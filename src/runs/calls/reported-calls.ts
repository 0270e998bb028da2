import {
  addUsage,
  type CallOptions,
  type ChatModel,
  type ChatRequest,
  type ChatResponse,
  NO_USAGE,
  type Usage,
} from '../../models/chat-model.ts';
import type { RunEvent } from '../events.ts';
import type { ServedModels } from '../served/served-models.ts';
import type { StoredAnswers } from '../stored-answers.ts';
import type { Rebought } from './rebought.ts';

/** What {@link ReportedCalls} works with. */
export interface ReportedCallsOptions {
  readonly served: ServedModels;
  readonly answers: StoredAnswers;
  readonly rebought: Rebought;
  readonly emit: (event: RunEvent) => void;
}

/** Counts the calls that a run sends, and reports each: how it starts, and how it ends. */
export class ReportedCalls {
  readonly #options: ReportedCallsOptions;
  #count = 0;
  #usage: Usage = NO_USAGE;

  constructor(options: ReportedCallsOptions) {
    this.#options = options;
  }

  /** Number of calls that a model answered. */
  get count(): number {
    return this.#count;
  }

  /** Tokens of these calls. */
  get usage(): Usage {
    return this.#usage;
  }

  /**
   * A model whose calls are counted and reported.
   *
   * @param sent The same model, wrapped in all that a call goes through after it is reported.
   */
  of(model: ChatModel, sent: ChatModel): ChatModel {
    return {
      id: model.id,
      generate: (request, options = {}) => this.#generate(model, sent, request, options),
    };
  }

  async #generate(
    model: ChatModel,
    sent: ChatModel,
    request: ChatRequest,
    options: CallOptions,
  ): Promise<ChatResponse> {
    const { served, answers, rebought, emit } = this.#options;
    const { place, signal } = options;
    signal?.throwIfAborted();
    const found = answers.earlierModel(place);
    const earlierModel = found instanceof Promise ? await found : found;
    const notBought = rebought.check(model.id, place, earlierModel);
    emit({ type: 'call-start', model: model.id, place });
    const start = performance.now();
    try {
      const response = await served.call(model, async () => {
        const answer = await sent.generate(request, options);
        this.#count += 1;
        this.#usage = addUsage(this.#usage, answer.usage);
        return answer;
      });
      emit({
        type: 'call-end',
        model: model.id,
        place,
        replayed: false,
        usage: response.usage,
        ...(model.inBatches && { inBatch: true }),
        durationMs: performance.now() - start,
      });
      return response;
    } catch (error) {
      notBought();
      if (signal?.aborted) emit({ type: 'call-abort', model: model.id, place });
      else emit({ type: 'call-error', model: model.id, place, error });
      throw error;
    }
  }
}
