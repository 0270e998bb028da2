/** Calls are counted over this time. */
export const SECOND_MS = 1_000;
const SLOT_MS = 20;
const SLOTS = 128;
const SECOND_SLOTS = SECOND_MS / SLOT_MS;

/** Counts recent calls that were not refused, by the time they were sent. Uses constant memory. */
export interface SentCounts {
  /** Counts a call. */
  add(sentAt: number): void;
  /** Removes a call that was refused. */
  refuse(sentAt: number): void;
  /** Number of calls sent in the second before `time` and not refused since. */
  secondBefore(time: number): number;
}

/** Counts without any call. */
export function sentCounts(): SentCounts {
  const counts = new Float64Array(SLOTS);
  let newest = 0;

  function slotOf(time: number): number {
    const slot = Math.floor(time / SLOT_MS);
    if (slot > newest + SLOTS) counts.fill(0);
    else for (let each = newest + 1; each <= slot; each++) counts[each % SLOTS] = 0;
    newest = Math.max(newest, slot);
    return slot;
  }

  const held = (slot: number) => (slot >= 0 && slot > newest - SLOTS ? counts[slot % SLOTS]! : 0);

  return {
    add(sentAt) {
      const slot = slotOf(sentAt) % SLOTS;
      counts[slot] = counts[slot]! + 1;
    },
    refuse(sentAt) {
      const slot = slotOf(sentAt);
      if (held(slot) > 0) counts[slot % SLOTS] = counts[slot % SLOTS]! - 1;
    },
    secondBefore(time) {
      const last = slotOf(time);
      let sum = 0;
      for (let slot = last; slot > last - SECOND_SLOTS; slot--) sum += held(slot);
      // Only part of the oldest slot lies within the second.
      const part = 1 - (time / SLOT_MS - last);
      return sum + held(last - SECOND_SLOTS) * part;
    },
  };
}
