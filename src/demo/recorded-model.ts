import { RunStorageError } from '../errors.ts';
import type { ChatModel } from '../models/chat-model.ts';
import { formatPlace } from '../models/place.ts';
import type { Recording } from './recording.ts';

/** Answers each call by its place. What the prompt says makes no difference. */
export function recordedModel({ answers, date }: Recording): ChatModel {
  return {
    id: `large-language-model@${date}`,
    free: true,
    async generate(_request, { place, signal } = {}) {
      signal?.throwIfAborted();
      const name = place && formatPlace(place);
      if (name === undefined || !Object.hasOwn(answers, name)) throw notRecorded(name);
      const [text, inputTokens, outputTokens] = answers[name]!;
      return { text, finishReason: 'stop', usage: { inputTokens, cachedInputTokens: 0, outputTokens } };
    },
  };
}

function notRecorded(place: string | undefined): RunStorageError {
  const what = place === undefined ? 'a call without a place' : place;
  return new RunStorageError(`The demo has no recorded answer for ${what}.`, {
    hint:
      "It plays only the recorded study: the pool, seed, turns and cases of openDemo(), one personality per profile, and candidates named 'bare' and 'adaptive'. " +
      'For anything else, use a model of your own.',
  });
}
