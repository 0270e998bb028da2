import type { Embedder } from '../../embeddings/embedder.ts';
import { RunConflictError } from '../../errors.ts';
import { counted } from '../../internal/format.ts';
import type { ChatModel, ChatResponse, ModelServer } from '../../models/chat-model.ts';
import { KnownServers, type ServerRecords } from './known-servers.ts';

export interface ServedModelsOptions {
  /** Names the run in errors. */
  readonly run: string;
  /** What earlier processes kept. */
  readonly before: ServerRecords;
  /** Number of stored answers of a model id from earlier processes. */
  readonly stored: (modelId: string) => number;
  /** Ids of models whose weights the caller knows to be the same, or true for all. */
  readonly sameModel: boolean | readonly string[];
  readonly save: (records: ServerRecords) => Promise<void>;
}

/** How to vouch for a model in code. The command line puts its flag in the place of these words. */
export function passSameModel(id: string): string {
  return `pass sameModel: ${JSON.stringify([id])} to openRun()`;
}

/** The same for new weights. */
export const GIVE_REVISION = 'give the model a revision';

/**
 * Guards a run against answers of other weights. A served model is known by its name alone, and its server may serve
 * new weights under that name: stored answers must not pass for theirs.
 */
export class ServedModels {
  readonly #options: ServedModelsOptions;
  readonly #known: KnownServers;
  /** Models that this process accepted, and where. */
  readonly #current = new Map<string, string>();
  /** Models of which an answer of this process agrees with the stored ones. */
  readonly #confirmed = new Set<string>();
  /** The first call of a model that is not confirmed. It goes alone. */
  readonly #asking = new Map<string, Promise<ChatResponse>>();
  /** Models whose server turned out to serve another one. */
  readonly #refused = new Map<string, RunConflictError>();

  constructor(options: ServedModelsOptions) {
    this.#options = options;
    const { servers, reported } = options.before;
    // A process killed between run.json and the journal leaves a name without an answer. It must not pass for a stored one's.
    const answered = Object.entries(reported).filter(([id]) => options.stored(id) > 0);
    this.#known = new KnownServers({ servers, reported: Object.fromEntries(answered) }, options.save);
  }

  /** @throws RunConflictError if stored answers under the model's id may be those of other weights. */
  check({ id, server }: ChatModel): void {
    const answers = this.#options.stored(id);
    this.#accept(id, server, answers === 0 ? null : counted(answers, 'answer'));
  }

  /** The same for an embedder. Its vectors are not counted, but the first ones left an address. */
  checkEmbedder({ id, server }: Embedder): void {
    this.#accept(id, server, Object.hasOwn(this.#options.before.servers, id) ? 'vectors' : null);
  }

  /** Saves where an embedder is. Called before its vectors are stored, so that stored ones have an address. */
  async keepAddress({ id, server }: Embedder): Promise<void> {
    if (server !== undefined) await this.#known.keepAddress(id, server.address);
  }

  #accept(id: string, server: ModelServer | undefined, stored: string | null): void {
    if (server === undefined) return;
    if (!this.#isVouchedFor(id)) this.#refuseOtherWeights(id, server, stored);
    // Only an accepted one: a model that was refused is refused again.
    if (!this.#current.has(id)) this.#current.set(id, server.address);
  }

  /**
   * Sends a call, and compares what the server says of itself with what it said of the stored answers. The first call of
   * a model goes alone, so that at most one answer is paid for in vain. In batches it does not: it would take a day, and
   * the answers of a batch are not lost.
   *
   * @throws RunConflictError if the answer comes from another model than the stored ones. It is not to be stored then.
   */
  async call({ id, server, inBatches }: ChatModel, send: () => Promise<ChatResponse>): Promise<ChatResponse> {
    if (server === undefined) return send();
    // Before the answer, so that every stored one has an address.
    await this.#known.keepAddress(id, this.#current.get(id) ?? server.address);
    for (;;) {
      const refused = this.#refused.get(id);
      if (refused !== undefined) throw refused;
      if (!this.#isInDoubt(id)) return this.#keepName(id, await send());
      if (inBatches !== undefined) return this.#keepName(id, this.#confirm(id, await send()));
      const asking = this.#asking.get(id);
      if (asking === undefined) break;
      await asking.catch(() => {});
    }
    const asked = send().then((response) => this.#keepName(id, this.#confirm(id, response)));
    this.#asking.set(id, asked);
    return asked.finally(() => this.#asking.delete(id));
  }

  #isVouchedFor(id: string): boolean {
    const { sameModel } = this.#options;
    return typeof sameModel === 'boolean' ? sameModel : sameModel.includes(id);
  }

  #refuseOtherWeights(id: string, server: ModelServer, stored: string | null): void {
    const { run } = this.#options;
    const current = this.#current.get(id);
    if (current === server.address) return;
    if (current !== undefined) {
      throw new RunConflictError(`"${id}" is served at ${current} and at ${server.address}.`, {
        modelId: id,
        hint: `If the weights differ, ${GIVE_REVISION}. If not, ${passSameModel(id)}.`,
      });
    }
    const before = this.#known.address(id);
    if (stored === null || (server.stable && before === server.address)) return;
    const now =
      before === undefined || before === server.address
        ? `${server.address} may serve other weights under that name by now`
        : `it was served at ${before} then, and is at ${server.address} now`;
    throw new RunConflictError(`${run} holds ${stored} of "${id}", and ${now}.`, {
      modelId: id,
      hint: `If the weights are the same, ${passSameModel(id)} to replay them. If not, ${GIVE_REVISION}: its calls are made anew, and what is stored stays under the old name.`,
    });
  }

  /** Whether the run holds answers of a model that named itself, and none of this process has agreed yet. */
  #isInDoubt(id: string): boolean {
    if (this.#confirmed.has(id) || this.#isVouchedFor(id) || this.#options.stored(id) === 0) return false;
    const before = this.#options.before.reported;
    return Object.hasOwn(before, id) && before[id]!.some((name) => name !== null);
  }

  #confirm(id: string, response: ChatResponse): ChatResponse {
    const name = reportedName(response);
    const before = this.#options.before.reported[id]!;
    if (name === undefined) return response;
    if (before.includes(name)) {
      this.#confirmed.add(id);
      return response;
    }
    const { run, stored } = this.#options;
    const then = before.filter((each) => each !== null).join(', ');
    const now = name === null ? 'does not say which model it is' : `says it is ${name}`;
    const refused = new RunConflictError(
      `${run} holds ${counted(stored(id), 'answer')} of "${id}", given by ${then}, and the server now ${now}. One call was made to find out; its answer is not stored.`,
      {
        modelId: id,
        hint: `To add answers of this model to those, ${passSameModel(id)}; results then say that several models answered. To have all answers from this model, ${GIVE_REVISION}: its calls are made anew, and the old answers stay under the old name.`,
      },
    );
    this.#refused.set(id, refused);
    throw refused;
  }

  async #keepName(id: string, response: ChatResponse): Promise<ChatResponse> {
    const name = reportedName(response);
    if (name !== undefined) await this.#known.keepReported(id, name);
    return response;
  }
}

/** Null if the server does not say which model it is. Undefined if it refused the prompt, which no model has answered. */
function reportedName({ served, finishReason }: ChatResponse): string | null | undefined {
  return served?.model ?? (finishReason === 'content-filter' ? undefined : null);
}
