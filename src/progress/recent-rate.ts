const WINDOW_MS = 10_000;
const SLOTS = 20;

/** How often something happened recently. */
export interface RecentRate {
  /** Counts events at this time, in milliseconds. @param count Default 1. */
  add(now: number, count?: number): void;
  /** Events per second over the last 10 s, or over the time since the first one if that is shorter. */
  perSecond(now: number): number;
}

/** Counts in slots of half a second, so that memory does not grow with the number of events. */
export function recentRate(): RecentRate {
  const slotMs = WINDOW_MS / SLOTS;
  const counts = new Map<number, number>();
  let first: number | undefined;

  function forget(now: number): void {
    const oldest = Math.floor(now / slotMs) - SLOTS;
    for (const slot of counts.keys()) if (slot <= oldest) counts.delete(slot);
  }

  return {
    add(now, count = 1) {
      first ??= now;
      forget(now);
      const slot = Math.floor(now / slotMs);
      counts.set(slot, (counts.get(slot) ?? 0) + count);
    },
    perSecond(now) {
      forget(now);
      let count = 0;
      for (const inSlot of counts.values()) count += inSlot;
      // Early on, the window is shorter than 10 s.
      const windowMs = Math.min(WINDOW_MS, Math.max(1_000, now - (first ?? now)));
      return (count * 1_000) / windowMs;
    },
  };
}
