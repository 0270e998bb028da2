import type { LlamaChat, LlamaContext, Token } from 'node-llama-cpp';

/** Keeps one prompt in memory, so that the next prompt with the same beginning is read faster. */
export interface Slot {
  readonly chat: LlamaChat;
  lastUsed: number;
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
 * Among the free lanes, picks the slot that shares the longest beginning with this prompt, unless most of the slot's
 * content would be lost. Otherwise picks the least recently used slot, so that a new conversation does not evict one that
 * is still going on.
 */
export function pickSlot(lanes: readonly Lane[], prompt: Token[]): Place {
  const places = lanes.flatMap((lane) => (lane.busy ? [] : lane.slots.map((slot) => ({ slot, lane }))));
  let best: Place | undefined;
  let longest = 0;
  for (const place of places) {
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
