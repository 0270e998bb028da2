import { RunConflictError } from '../errors.ts';
import { counted } from '../internal/format.ts';
import type { ChatModel, ModelServer } from '../models/chat-model.ts';

/** Addresses by model id, as `run.json` keeps them. */
export type Addresses = Readonly<Record<string, string>>;

export interface ServedModelsOptions {
  /** Names the run in errors. */
  readonly run: string;
  /** Addresses of earlier processes. */
  readonly before: Addresses;
  /** Number of stored answers of a model id from earlier processes. */
  readonly stored: (modelId: string) => number;
  /** Ids of models whose weights the caller knows to be the same, or true for all. */
  readonly sameModel: boolean | readonly string[];
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
  /** Models that this process accepted, and where. */
  readonly #current = new Map<string, string>();
  /** Writes of this process, by the model that they are for. One follows the other. */
  readonly #saves = new Map<string, Promise<void>>();
  #lastSave: Promise<void> = Promise.resolve();

  constructor(options: ServedModelsOptions) {
    this.#options = options;
    this.#addresses = new Map(Object.entries(options.before));
  }

  /** @throws RunConflictError if stored answers under the model's id may be those of other weights. */
  check({ id, server }: ChatModel): void {
    if (server === undefined) return;
    const { sameModel } = this.#options;
    const isVouchedFor = typeof sameModel === 'boolean' ? sameModel : sameModel.includes(id);
    if (!isVouchedFor) this.#refuseOtherWeights(id, server);
    // Only an accepted one: a model that was refused is refused again.
    if (!this.#current.has(id)) this.#current.set(id, server.address);
  }

  #refuseOtherWeights(id: string, server: ModelServer): void {
    const { run, stored } = this.#options;
    const current = this.#current.get(id);
    if (current === server.address) return;
    if (current !== undefined) {
      throw new RunConflictError(`"${id}" is served at ${current} and at ${server.address}.`, {
        modelId: id,
        hint: `If the weights differ, give each model a revision. If not, pass sameModel: ["${id}"] to openRun().`,
      });
    }
    const answers = stored(id);
    const before = this.#addresses.get(id);
    if (answers === 0 || (server.stable && before === server.address)) return;
    const now =
      before === undefined || before === server.address
        ? `${server.address} may serve other weights under that name by now`
        : `it was served at ${before} then, and is at ${server.address} now`;
    throw new RunConflictError(`${run} holds ${counted(answers, 'answer')} of "${id}", and ${now}.`, {
      modelId: id,
      hint: `If the weights are the same, pass sameModel: ["${id}"] to openRun(). If not, give the model a revision; the old answers stay under the old name.`,
    });
  }

  /** Saves a model's address. Called before an answer is stored, so that every stored answer has one. */
  async record({ id }: ChatModel): Promise<void> {
    const address = this.#current.get(id);
    if (address !== undefined && this.#addresses.get(id) !== address) {
      this.#addresses.set(id, address);
      const addresses = Object.fromEntries(this.#addresses);
      const save = this.#lastSave.then(() => this.#options.save(addresses));
      // A failed write concerns its own model, which tries again with its next call.
      this.#lastSave = save.catch(() => void this.#addresses.delete(id));
      this.#saves.set(id, save);
    }
    await this.#saves.get(id);
  }
}
