import { RunStorageError } from '../errors.ts';
import type { ChatModel } from '../models/chat-model.ts';
import type { PersonaPoolGrowOptions } from '../personas/grow-options.ts';
import { PersonaPool } from '../personas/persona-pool.ts';
import type { Run } from '../runs/run.ts';
import { shareAnswers, storedAnswersOf } from '../runs/stored-answers.ts';
import { CallCounter, type CallSum } from './dry-run.ts';

/** What a run's journal can answer of the growth of a pool. */
export interface ReplayedGrowth {
  /** The grown pool. Null if an answer is missing. */
  readonly pool: PersonaPool | null;
  readonly sums: readonly CallSum[];
  /** The model of another answer that the journal has in place of the missing one. Null if it has none. */
  readonly earlierModel: string | null;
}

/** Grows a pool from stored answers alone, up to the first that is missing. Null if the run has no answers. */
export async function replayGrowth(options: PersonaPoolGrowOptions): Promise<ReplayedGrowth | null> {
  const { run } = options;
  const answers = run && storedAnswersOf(run);
  if (run === undefined || answers === undefined) return null;
  const counter = new CallCounter();
  let earlierModel: string | null = null;
  let isMissing = false;

  function missing(): never {
    isMissing = true;
    // A kind of error at which growth ends.
    throw new RunStorageError('An answer is not stored.');
  }

  const model = (bare: ChatModel): ChatModel =>
    bare.mapModels?.(model) ?? {
      id: bare.id,
      async generate(request, { place } = {}) {
        const stored = await answers.find(bare, request, place);
        if (stored !== undefined) {
          counter.addStored(bare.id, place);
          return stored;
        }
        earlierModel ??= (await answers.earlierModel(place)) ?? null;
        return missing();
      },
    };
  const wrapper: Run = {
    ...run,
    shared: undefined,
    model,
    embedder: (embedder) => ({
      id: embedder.id,
      dimensions: embedder.dimensions,
      embed: (texts) =>
        Promise.all(texts.map(async (text) => (await answers.vector(embedder, text)) ?? missing())),
    }),
  };
  // Growth looks up there which rules the run began with.
  const replaying = shareAnswers(wrapper, run);
  try {
    const pool = await PersonaPool.grow({ ...options, run: replaying, onEvent: undefined });
    return { pool, sums: counter.sums(), earlierModel };
  } catch (error) {
    if (!isMissing) throw error;
    return { pool: null, sums: counter.sums(), earlierModel };
  }
}
