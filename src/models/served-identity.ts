import { clip } from '../internal/clip.ts';
import { sha256 } from '../internal/hash.ts';
import { withoutKnownKeys } from '../redact.ts';
import type { ChatResponse, ServedIdentity } from './chat-model.ts';

/** Longest name that is kept whole. Real ones have fewer than a hundred characters. */
const MAX_LENGTH = 200;
const CLIPPED_LENGTH = 160;

/**
 * What a server says of the model behind an answer, as part of a {@link ChatResponse}. These are foreign words: anything
 * but a non-empty text is ignored, line breaks and control characters become spaces, and a long name ends in a hash of
 * the whole.
 */
export function servedIdentity(model: unknown, fingerprint: unknown): Pick<ChatResponse, 'served'> {
  const served: ServedIdentity = {
    ...named('model', model),
    ...named('fingerprint', fingerprint),
  };
  return Object.keys(served).length === 0 ? {} : { served };
}

function named(key: keyof ServedIdentity, value: unknown): ServedIdentity {
  if (typeof value !== 'string') return {};
  const clipped =
    value.length <= MAX_LENGTH ? value : `${clip(value, CLIPPED_LENGTH)}… ${sha256(value).slice(0, 16)}`;
  const name = withoutKnownKeys(clipped.replace(/[\s\p{C}]+/gu, ' ').trim());
  return name === '' ? {} : { [key]: name };
}
