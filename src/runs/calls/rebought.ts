import { RunConflictError } from '../../errors.ts';
import { counted } from '../../internal/format.ts';
import { type CallPlace, formatPlace } from '../../models/place.ts';
import type { RunEvent } from '../events.ts';
import { describeChange } from './replayed.ts';

/** Options of {@link Rebought}. */
export interface ReboughtOptions {
  /** Names the run in errors. */
  readonly run: string;
  /** How many calls may be bought again. Default: no limit. */
  readonly max?: number | undefined;
  readonly emit: (event: RunEvent) => void;
}

/**
 * Notices calls that are bought again: the run holds an answer at their place, but under another key. What exactly has
 * changed cannot be told, since the journal keeps no requests.
 */
export class Rebought {
  readonly #options: ReboughtOptions;
  #count = 0;
  #first = '';

  constructor(options: ReboughtOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#count;
  }

  /**
   * Asked for each call before it is sent.
   *
   * @param earlierModel The model of the answer that the run holds at the place. Undefined if it holds none.
   * @returns Takes the call off the count again, if it fails.
   * @throws RunConflictError if it would be one too many.
   */
  check(model: string, place: CallPlace | undefined, earlierModel: string | undefined): () => void {
    const { emit, run, max = Infinity } = this.#options;
    if (earlierModel === undefined || place === undefined) return () => {};
    // Later ones often follow from the first, whose answer is part of their requests.
    this.#first ||= `"${model}" at ${formatPlace(place)}.${describeChange(earlierModel, model)}`;
    if (this.#count >= max) {
      throw new RunConflictError(
        `More than ${counted(max, 'call')} would be bought again, although ${run} holds answers at their places. The first was ${this.#first}`,
        {
          modelId: model,
          hint: 'Undo the change to replay what is stored. If it is meant, raise maxRebought or use another run directory.',
        },
      );
    }
    this.#count += 1;
    emit({ type: 'call-rebought', model, place, earlierModel });
    return () => {
      this.#count -= 1;
    };
  }
}
