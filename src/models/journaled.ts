import { canonicalJson, sha256 } from '../internal/hash.ts';
import type { Journal } from '../runs/journal.ts';
import { type CallPlace, formatPlace } from '../runs/place.ts';
import type { ChatModel, ChatRequest, ChatResponse } from './chat-model.ts';

export interface JournaledOptions {
  readonly journal: Journal;
  /** Called when the journal answered and nothing was sent. */
  readonly onReplay?: ((response: ChatResponse, place: CallPlace | undefined) => void) | undefined;
}

/**
 * Answers from the journal what the journal holds, and enters what it does not. A call counts as finished when
 * its entry is on disk. The same key in flight is sent once.
 */
export function journaled(model: ChatModel, { journal, onReplay }: JournaledOptions): ChatModel {
  const inFlight = new Map<string, Promise<ChatResponse>>();
  return {
    id: model.id,
    async generate(request, options = {}) {
      options.signal?.throwIfAborted();
      const key = callKey(model.id, request, options.place);
      const known = journal.get(key);
      if (known !== undefined) {
        const response = JSON.parse(known) as ChatResponse;
        onReplay?.(response, options.place);
        return response;
      }
      const same = inFlight.get(key);
      if (same !== undefined) return same;
      const call = model.generate(request, options).then(async (response) => {
        const place = options.place === undefined ? '' : formatPlace(options.place);
        await journal.put(key, place, JSON.stringify(response));
        return response;
      });
      inFlight.set(key, call);
      try {
        return await call;
      } finally {
        inFlight.delete(key);
      }
    },
  };
}

/** Covers all that changes an answer and nothing else: model, request and place. */
function callKey(modelId: string, request: ChatRequest, place: CallPlace | undefined): string {
  return sha256(canonicalJson([modelId, request, place === undefined ? null : formatPlace(place)]));
}
