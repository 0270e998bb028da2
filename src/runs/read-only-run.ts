import type { Embedder } from '../embeddings/embedder.ts';
import { RunStorageError } from '../errors.ts';
import { childSeed } from '../internal/random.ts';
import { type ChatModel, NO_USAGE } from '../models/chat-model.ts';
import { formatPlace } from '../models/place.ts';
import { once } from './calls/once.ts';
import { replayed, replayedEmbedder } from './calls/replayed.ts';
import type { ReadOnlyReason, RunEvent } from './events.ts';
import type { SpentByModel } from './journal/journal-reader.ts';
import type { Run } from './run-contract.ts';
import { DEFAULT_CONCURRENCY } from './run-options.ts';
import { Ledger } from './spending/ledger.ts';
import type { Prices } from './spending/prices.ts';
import { keepAnswers, type StoredAnswers } from './stored-answers.ts';

/** What {@link createReadOnlyRun} puts together. */
export interface ReadOnlyRunParts {
  /** Names the run in errors. */
  readonly name: string;
  readonly dir: string | null;
  readonly seed: number;
  readonly answers: StoredAnswers;
  readonly spent: SpentByModel;
  readonly reason: ReadOnlyReason;
  /** Refuses a model whose stored answers may be those of other weights. */
  readonly checkModel: (model: ChatModel) => void;
  /** The same for an embedder and stored vectors. */
  readonly checkEmbedder: (embedder: Embedder) => void;
  readonly close: () => void;
  readonly concurrency?: number | undefined;
  readonly prices?: Prices | undefined;
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
}

const HINTS: Readonly<Record<ReadOnlyReason, string>> = {
  requested:
    'Run the same program with the same models, prompts, settings and seed, or leave out readOnly to pay for what is missing.',
  'not-writable':
    'Run the same program with the same models, prompts, settings and seed, or copy the directory to one that can be written to and pay for what is missing there.',
  'former-version':
    'A run of version 0.1 can only be replayed. Use another run directory to pay for what is missing.',
};

/** A run that calls no model: the journal answers, or the call fails before it is sent. */
export function createReadOnlyRun(parts: ReadOnlyRunParts): Run {
  const { dir, seed, answers, reason, onEvent = () => {} } = parts;
  const ledger = new Ledger({ prices: parts.prices, before: parts.spent });
  let replays = 0;
  let closing: Promise<void> | undefined;

  const notStored = (what: string) =>
    new RunStorageError(`${parts.name} is read-only and holds ${what}`, { hint: HINTS[reason] });

  const model: Run['model'] = once((bare) => {
    const composite = bare.mapModels?.(model);
    if (composite !== undefined) return composite;
    parts.checkModel(bare);
    return replayed(bare, {
      answers,
      notStored,
      onReplay({ usage }, place) {
        replays += 1;
        onEvent({ type: 'call-end', model: bare.id, place, replayed: true, usage, durationMs: 0 });
      },
    });
  });

  const run: Run = {
    dir,
    seed,
    concurrency: parts.concurrency ?? DEFAULT_CONCURRENCY,
    readOnly: true,
    model,
    embedder: once((embedder) => {
      parts.checkEmbedder(embedder);
      return replayedEmbedder(embedder, { answers, notStored });
    }),
    seedFor: (place) => childSeed(seed, formatPlace(place)),
    stats: () => ({
      calls: 0,
      replayed: replays,
      rebought: 0,
      embedded: 0,
      usage: NO_USAGE,
      inFlight: 0,
      spending: ledger.spending(),
    }),
    close() {
      closing ??= Promise.resolve().then(parts.close);
      return closing;
    },
  };
  return keepAnswers(run, answers);
}
