/** Lets a number of calls proceed at a time; the others wait, first come, first served. */
export class Slots {
  #concurrency: number;
  #pending = 0;
  #isPaused = false;
  #waiting: (() => void)[] = [];
  #onIdle: (() => void)[] = [];

  constructor(concurrency: number) {
    this.#concurrency = concurrency;
  }

  /** Maximum number of calls that hold a slot. Calls that hold one keep it if it becomes smaller. */
  get concurrency(): number {
    return this.#concurrency;
  }

  set concurrency(concurrency: number) {
    this.#concurrency = concurrency;
    this.#giveOut();
  }

  /** Calls that hold a slot. */
  get pending(): number {
    return this.#pending;
  }

  /** Makes a call once there is a slot, which it holds until it ends. */
  async add<Result>(call: () => Promise<Result>): Promise<Result> {
    if (this.#isFree()) this.#pending += 1;
    else {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
    try {
      return await call();
    } finally {
      this.#pending -= 1;
      this.#giveOut();
    }
  }

  /** Gives out no slots until {@link start}. */
  pause(): void {
    this.#isPaused = true;
  }

  start(): void {
    this.#isPaused = false;
    this.#giveOut();
  }

  /** Resolves when no call holds a slot or waits for one. */
  async onIdle(): Promise<void> {
    if (this.#pending + this.#waiting.length === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle.push(resolve);
    });
  }

  #isFree(): boolean {
    return !this.#isPaused && this.#pending < this.#concurrency;
  }

  #giveOut(): void {
    while (this.#waiting.length > 0 && this.#isFree()) {
      this.#pending += 1;
      this.#waiting.shift()!();
    }
    if (this.#pending + this.#waiting.length > 0) return;
    for (const resolve of this.#onIdle.splice(0)) resolve();
  }
}
