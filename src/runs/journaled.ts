import { canonicalJson, sha256 } from '../internal/hash.ts';
import { orAborted } from '../internal/until-aborted.ts';
import type { CallOptions, ChatModel, ChatRequest, ChatResponse } from '../models/chat-model.ts';
import { type CallPlace, formatPlace } from '../models/place.ts';
import type { Journal } from './journal.ts';

export interface JournaledOptions {
  readonly journal: Journal;
  /** Shared by the models of a run, so that an equal call is sent once. Default: its own. */
  readonly inFlight?: CallsInFlight | undefined;
  /** Called when the journal answered and nothing was sent. */
  readonly onReplay?: ((response: ChatResponse, place: CallPlace | undefined) => void) | undefined;
  /**
   * Does a call when there is a slot for it. The slot is held until the entry is on disk: never more calls than there
   * are slots can be lost. Default: at once.
   */
  readonly slot?: ((call: () => Promise<ChatResponse>) => Promise<ChatResponse>) | undefined;
}

/** Calls on their way, by key. */
export type CallsInFlight = Map<string, InFlight>;

interface InFlight {
  readonly call: Promise<ChatResponse>;
  /** Of the caller who sent it. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Answers from the journal what the journal holds, and enters what it does not. A call counts as finished when
 * its entry is on disk. The same key in flight is sent once; when its sender gives up, one who waits sends it anew.
 */
export function journaled(
  model: ChatModel,
  { journal, inFlight = new Map(), onReplay, slot = (call) => call() }: JournaledOptions,
): ChatModel {
  async function send(key: string, request: ChatRequest, options: CallOptions): Promise<ChatResponse> {
    const { rateLimit: _ofItsMoment, ...response } = await model.generate(request, options);
    const place = options.place === undefined ? '' : formatPlace(options.place);
    const spent = { model: model.id, usage: response.usage };
    // What is in the journal, not what came: another wrapper may have been first, and a replay must agree with this.
    return JSON.parse(await journal.put(key, place, JSON.stringify(response), spent)) as ChatResponse;
  }

  return {
    id: model.id,
    async generate(request, options = {}) {
      const { signal, place } = options;
      const key = callKey(model.id, request, place);
      for (;;) {
        signal?.throwIfAborted();
        const known = journal.get(key);
        if (known !== undefined) {
          const response = JSON.parse(known) as ChatResponse;
          onReplay?.(response, place);
          return response;
        }
        const same = inFlight.get(key);
        if (same === undefined) break;
        try {
          return await orAborted(same.call, signal);
        } catch (error) {
          if (signal?.aborted || !same.signal?.aborted) throw error;
        }
      }
      const call = slot(() => send(key, request, options));
      inFlight.set(key, { call, signal });
      const done = () => inFlight.delete(key);
      call.then(done, done);
      // The caller may leave at once; a call that was sent comes to its end and is entered.
      return orAborted(call, signal);
    },
  };
}

/** Covers all that changes an answer and nothing else: model, request and place. */
function callKey(modelId: string, request: ChatRequest, place: CallPlace | undefined): string {
  return sha256(canonicalJson([modelId, request, place === undefined ? null : formatPlace(place)]));
}
