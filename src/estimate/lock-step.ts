/** Counts the batches that calls wait for, one after the other. */
export interface LockStep {
  /** Resolves when all work waits: the batch is then full, and answered. */
  join(): Promise<void>;
  rounds(): number;
}

/** Turns of the event loop without a new call after which all work waits. */
const QUIET_TURNS = 10;

/** A stand-in for a batch API that answers as soon as nothing else happens. */
export function lockStep(): LockStep {
  let waiting: (() => void)[] = [];
  let rounds = 0;
  let quiet = 0;

  function look(): void {
    quiet += 1;
    if (quiet < QUIET_TURNS) {
      setImmediate(look);
      return;
    }
    const answered = waiting;
    waiting = [];
    rounds += 1;
    for (const resolve of answered) resolve();
  }

  return {
    rounds: () => rounds,
    join: () =>
      new Promise((resolve) => {
        quiet = 0;
        if (waiting.push(resolve) === 1) setImmediate(look);
      }),
  };
}
