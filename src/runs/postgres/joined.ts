import { messageOf } from '../../internal/message-of.ts';
import type { JoiningProcess, ProcessState } from '../steering/process-state.ts';
import type { PostgresAddress } from './address.ts';
import type { Database } from './database.ts';
import { readPause, readSteering, type Steered } from './steering-log.ts';
import type { Worker } from './worker.ts';

/** What {@link Joined} works on. */
export interface JoinedOptions {
  readonly database: Database;
  readonly address: PostgresAddress;
  readonly run: number;
  readonly worker: Worker;
}

/** This process among those that share the run: it is steered with them, and shows itself to those who watch. */
export class Joined {
  readonly #options: JoinedOptions;
  /** Steering from before this process joined that applies to it too. */
  readonly #before: readonly Steered[];
  readonly #isPaused: boolean;
  #steered: number;
  #problem: string | null = null;
  #show: (() => object) | null = null;

  private constructor(
    options: JoinedOptions,
    { before, from, isPaused }: { before: readonly Steered[]; from: number; isPaused: boolean },
  ) {
    this.#options = options;
    this.#before = before;
    this.#isPaused = isPaused;
    this.#steered = before.at(-1)?.id ?? from;
  }

  /** @param from Number of the last steering that does not apply to this process. */
  static async read(options: JoinedOptions, from: number): Promise<Joined> {
    const { database, address, run } = options;
    // In this order: what comes in between is followed later.
    const before = await readSteering(database, address.schema, run, from);
    const isPaused = (await readPause(database, address.schema, run)) !== null;
    return new Joined(options, { before, from, isPaused });
  }

  /** Catches up with the steering so far, and follows what comes from now on. */
  join({ steering, state }: JoiningProcess): void {
    if (this.#isPaused) steering.obey({ do: 'pause' });
    for (const steered of this.#before) if (steered.task.do === 'retune') this.#obey(steering, steered);
    const joined = this;
    const told = {
      get steered() {
        return joined.#steered;
      },
      get state(): ProcessState {
        return { ...state(), problem: joined.#problem, shown: joined.#show?.() ?? null };
      },
      follow: async (): Promise<void> => {
        const { database, address, run } = this.#options;
        const news = await readSteering(database, address.schema, run, this.#steered);
        for (const steered of news) this.#obey(steering, steered);
      },
    };
    this.#options.worker.tell(told);
  }

  show(state: (() => object) | null): void {
    this.#show = state;
  }

  #obey(steering: JoiningProcess['steering'], { id, task }: Steered): void {
    try {
      steering.obey(task);
      this.#problem = null;
    } catch (error) {
      // Whoever asked for it is told.
      this.#problem = messageOf(error);
    }
    this.#steered = Math.max(this.#steered, id);
  }
}
