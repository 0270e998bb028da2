import type { Embedder } from '../../embeddings/embedder.ts';
import type { ChatModel, ChatResponse } from '../../models/chat-model.ts';
import { type CallPlace, formatPlace } from '../../models/place.ts';
import type { StoredAnswers } from '../stored-answers.ts';

/** Options of {@link replayed}. */
export interface ReplayedOptions {
  readonly answers: StoredAnswers;
  /** Called with every answer. */
  readonly onReplay: (response: ChatResponse, place: CallPlace | undefined) => void;
  /** The error for what is not stored. */
  readonly notStored: (what: string) => Error;
}

/** Answers calls from the journal only. */
export function replayed(model: ChatModel, { answers, onReplay, notStored }: ReplayedOptions): ChatModel {
  const { id } = model;
  return {
    id,
    async generate(request, { signal, place } = {}) {
      signal?.throwIfAborted();
      const stored = await answers.find(model, request, place);
      if (stored === undefined) {
        const where = place === undefined ? '' : ` at ${formatPlace(place)}`;
        const change = describeChange(await answers.earlierModel(place), id);
        throw notStored(`no answer of "${id}" to this call${where}.${change}`);
      }
      onReplay(stored, place);
      return stored;
    },
  };
}

/** Takes vectors from the journal only. */
export function replayedEmbedder(
  embedder: Embedder,
  { answers, notStored }: Omit<ReplayedOptions, 'onReplay'>,
): Embedder {
  const { id, dimensions } = embedder;
  return {
    id,
    dimensions,
    async embed(texts, { signal } = {}) {
      signal?.throwIfAborted();
      const vectors = await Promise.all(texts.map((text) => answers.vector(embedder, text)));
      return vectors.map((vector) => {
        if (vector === undefined) throw notStored(`no vector of "${id}" for one of the texts.`);
        return vector;
      });
    },
  };
}

/** How a call differs from the one that was stored at its place, as far as the journal knows. Empty if there was none. */
export function describeChange(earlierModel: string | undefined, modelId: string): string {
  if (earlierModel === undefined) return '';
  return earlierModel === modelId
    ? ' The answer stored there is to another prompt or other settings, or follows other answers.'
    : ` The answer stored there is of "${earlierModel}".`;
}
