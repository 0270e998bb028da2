import type { LlamaChat, LlamaContext, Token } from 'node-llama-cpp';

/** Keeps one prompt in memory, so that the next prompt with the same beginning is read faster. */
export interface Slot {
  readonly chat: LlamaChat;
  lastUsed: number;
  /** What its prompt is about, as `promptKey` has it. Undefined if it is empty, or the call had no place. */
  prompt: string | undefined;
}

/** A context that computes one call at a time. */
export interface Lane {
  readonly context: LlamaContext;
  readonly slots: readonly Slot[];
  busy: boolean;
}

interface Place {
  readonly slot: Slot;
  readonly lane: Lane;
}

/**
 * Among the free lanes, picks the slot that had the same conversation and role before. Otherwise picks the slot that shares
 * the longest beginning with this prompt, unless most of the slot's content would be lost, or it is that of another
 * conversation, which may still be going on. Otherwise picks the least recently used slot.
 *
 * @param key What the prompt is about. Default: unknown.
 */
export function pickSlot(lanes: readonly Lane[], prompt: Token[], key: string | undefined): Place {
  const places = lanes.flatMap((lane) => (lane.busy ? [] : lane.slots.map((slot) => ({ slot, lane }))));
  const own = key === undefined ? undefined : places.find(({ slot }) => slot.prompt === key);
  if (own !== undefined) return own;
  let best: Place | undefined;
  let longest = 0;
  for (const place of places) {
    if (key !== undefined && place.slot.prompt !== undefined) continue;
    const { sequence } = place.slot.chat;
    const shared = sequence.compareContextTokens(prompt).firstDifferentIndex;
    if (shared > longest && shared * 3 > sequence.nextTokenIndex) {
      best = place;
      longest = shared;
    }
  }
  return (
    best ?? places.reduce((oldest, place) => (place.slot.lastUsed < oldest.slot.lastUsed ? place : oldest))
  );
}
