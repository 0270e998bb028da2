import { sha256 } from '../../internal/hash.ts';
import type { CallPlace } from '../place.ts';
import type { JsonEndpoint } from '../post-json.ts';
import { promptKey } from '../prompt-key.ts';
import { slotsOf } from './llama-cpp-slots.ts';

/** How to tell a server which calls extend the same prompt, see `ChatCompletionsOptions`. */
export type PromptCache = 'none' | 'key' | 'slots';

export const PROMPT_CACHES: readonly PromptCache[] = ['none', 'key', 'slots'];

/**
 * Sends a call with the request fields that name its place in the server's cache. They say where a prompt is looked up,
 * not what is answered.
 */
export async function sendWithCache<Reply>(
  cache: PromptCache,
  { place, endpoint }: { readonly place: CallPlace | undefined; readonly endpoint: JsonEndpoint },
  send: (fields: object) => Promise<Reply>,
): Promise<Reply> {
  if (cache === 'none' || place === undefined) return send({});
  const key = promptKey(place);
  // At most 64 characters are allowed. The hash says nothing of who or what the call is about.
  if (cache === 'key') return send({ prompt_cache_key: sha256(key).slice(0, 32) });
  const slot = (await slotsOf(endpoint)).take(key);
  try {
    return await send({ cache_prompt: true, ...(slot !== undefined && { id_slot: slot.id }) });
  } finally {
    slot?.free();
  }
}
