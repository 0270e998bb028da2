import type { LlamaChat, LlamaContext, Token } from 'node-llama-cpp';

/** A prompt in memory. */
export interface Slot {
  readonly chat: LlamaChat;
  lastUsed: number;
}

/** What computes one call at a time. */
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
 * Of the lanes that are free, the slot that holds the longest beginning of this prompt, unless most of what it holds
 * would be lost; else the one that was not used for longest, so that a new conversation does not push out one that
 * goes on.
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
