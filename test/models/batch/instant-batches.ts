import type { BatchProvider, BatchRow } from '../../../src/models/batch/batch-provider.ts';
import { batched } from '../../../src/models/batch/batched.ts';
import type { ChatModel, ChatRequest } from '../../../src/models/chat-model.ts';
import type { CallPlace } from '../../../src/models/place.ts';

/** A model whose batches are done at once, and what was in each. */
export interface InstantBatches {
  readonly model: ChatModel;
  readonly batches: readonly (readonly BatchRow[])[];
}

/** The model, in batches that are done at once. */
export function instantBatches(bare: ChatModel, quietMs = 1_000): InstantBatches {
  const batches: (readonly BatchRow[])[] = [];
  // What each request is for, which a provider is not told and scripted models ask for.
  const places = new WeakMap<ChatRequest, CallPlace | undefined>();
  const provider: BatchProvider = {
    name: 'instant',
    maxRows: 50_000,
    maxBytes: 1e9,
    submit: async (_key, rows) => ({ id: String(batches.push(rows) - 1) }),
    find: async () => null,
    poll: async () => ({ state: 'completed', answered: null, reason: null }),
    async *results({ id }) {
      for (const { id: row, request } of batches[Number(id)]!) {
        yield { id: row, response: await bare.generate(request, { place: places.get(request) }) };
      }
    },
    cancel: async () => {},
  };
  const inner = batched(bare, { provider, pollMs: 1, quietMs });
  return {
    batches,
    model: {
      ...inner,
      inBatches(host) {
        const hosted = inner.inBatches!(host);
        const generate: ChatModel['generate'] = (request, options) => {
          places.set(request, options?.place);
          return hosted.model.generate(request, options);
        };
        return { ...hosted, model: { ...hosted.model, generate } };
      },
    },
  };
}
