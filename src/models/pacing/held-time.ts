/** How long calls were held on purpose, which must not count as an outage of the server. */
export interface HeldTime {
  readonly isHeld: boolean;
  set(isHeld: boolean, now: number): void;
  /** All that time so far, in milliseconds. */
  ms(now: number): number;
}

/** Nothing is held. */
export function heldTime(): HeldTime {
  let since: number | undefined;
  let earlierMs = 0;
  return {
    get isHeld() {
      return since !== undefined;
    },
    set(isHeld, now) {
      if (isHeld) since ??= now;
      else if (since !== undefined) {
        earlierMs += now - since;
        since = undefined;
      }
    },
    ms: (now) => earlierMs + (since === undefined ? 0 : now - since),
  };
}
