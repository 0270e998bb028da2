import { RunConflictError } from '../errors.ts';
import type { ChatModel } from '../models/chat-model.ts';

/** Addresses by model id, as `run.json` keeps them. */
export type Addresses = Readonly<Record<string, string>>;

export interface ServedModelsOptions {
  /** Names the run in errors. */
  readonly run: string;
  /** Addresses of earlier processes. */
  readonly before: Addresses;
  /** Number of stored answers of a model id from earlier processes. */
  readonly stored: (modelId: string) => number;
  /** Whether the caller vouches for it that every name still means the same weights. */
  readonly sameModel: boolean;
  /** Keeps the addresses. */
  readonly save: (addresses: Addresses) => Promise<void>;
}

/**
 * Guards a run against answers of other weights. A served model is known by its name alone, and its server may serve
 * new weights under that name: stored answers must not pass for theirs.
 */
export class ServedModels {
  readonly #options: ServedModelsOptions;
  readonly #addresses: Map<string, string>;
  /** Model ids that this process has asked for, and where. */
  readonly #current = new Map<string, string>();
  #saved: Promise<void> = Promise.resolve();

  constructor(options: ServedModelsOptions) {
    this.#options = options;
    this.#addresses = new Map(Object.entries(options.before));
  }

  /** @throws RunConflictError if stored answers under the model's id may be those of other weights. */
  check({ id, server }: ChatModel): void {
    const { run, stored, sameModel } = this.#options;
    if (server === undefined) return;
    const other = this.#current.get(id);
    if (!sameModel && other !== undefined && other !== server.address) {
      throw new RunConflictError(`"${id}" is served at ${other} and at ${server.address}.`, {
        hint: 'If they serve different weights, give each model a revision. If they serve the same, open the run with sameModel: true.',
      });
    }
    const answers = stored(id);
    const before = this.#addresses.get(id);
    if (!sameModel && other === undefined && answers > 0 && !(server.stable && before === server.address)) {
      const now =
        before === undefined || before === server.address
          ? `${server.address} may serve other weights under that name by now`
          : `it was served at ${before} then, and is at ${server.address} now`;
      throw new RunConflictError(
        `${run} holds ${answers} ${answers === 1 ? 'answer' : 'answers'} of "${id}", and ${now}.`,
        {
          hint: 'If the weights are the same, pass sameModel: true to openRun() (--same-model). If not, give the model a revision (--revision NAME); the old answers stay under the old name.',
        },
      );
    }
    this.#current.set(id, server.address);
  }

  /** Resolves once the model's address is kept: before an answer is, so that no answer is of an unknown address. */
  record({ id, server }: ChatModel): Promise<void> {
    if (server !== undefined && this.#addresses.get(id) !== server.address) {
      this.#addresses.set(id, server.address);
      const addresses = Object.fromEntries(this.#addresses);
      this.#saved = this.#saved.then(() => this.#options.save(addresses));
    }
    return this.#saved;
  }
}
