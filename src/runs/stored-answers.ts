import type { Embedder } from '../embeddings/embedder.ts';
import { callKey } from '../models/call-key.ts';
import type { ChatModel, ChatRequest, ChatResponse } from '../models/chat-model.ts';
import { type CallPlace, formatPlace } from '../models/place.ts';
import { decodeVector, vectorKey } from './calls/journaled-embedder.ts';
import type { Run } from './run-contract.ts';
import type { ReadableJournal, Soon } from './run-store.ts';
import { modelOfAccount } from './spending/accounts.ts';

/** The answers in a run's journal. Reading them here is neither counted nor reported as a replay. */
export class StoredAnswers {
  readonly #journal: ReadableJournal;
  readonly #idsOf: (model: ChatModel) => readonly string[];

  /** @param idsOf The ids under which a model's answers are stored. Default: its own. */
  constructor(journal: ReadableJournal, idsOf: (model: ChatModel) => readonly string[] = ({ id }) => [id]) {
    this.#journal = journal;
    this.#idsOf = idsOf;
  }

  /** Number of answers by now. */
  get count(): number {
    return [...this.#journal.spending().values()].reduce((sum, { calls }) => sum + calls, 0);
  }

  /** Ids of the models that gave them. */
  get models(): string[] {
    return [...new Set([...this.#journal.spending().keys()].map(modelOfAccount))];
  }

  async find(
    model: ChatModel,
    request: ChatRequest,
    place: CallPlace | undefined,
  ): Promise<ChatResponse | undefined> {
    for (const id of this.#idsOf(model)) {
      const stored = await this.#journal.get(callKey(id, request, place), place);
      if (stored !== undefined) return JSON.parse(stored) as ChatResponse;
    }
    return undefined;
  }

  async vector({ id, server }: Embedder, text: string): Promise<Float32Array | undefined> {
    // In version 0.1, the id of a served embedder ended with its address.
    const ids = server === undefined ? [id] : [id, `${id}@${server.address}`];
    for (const stored of ids) {
      const vector = decodeVector(await this.#journal.get(vectorKey(stored, text)));
      if (vector !== undefined) return vector;
    }
    return undefined;
  }

  /** The model of an answer that was at this place when the run was opened. Undefined if there was none. */
  earlierModel(place: CallPlace | undefined): Soon<string | undefined> {
    const account = place && this.#journal.earlierModel(formatPlace(place));
    return account instanceof Promise
      ? account.then((stored) => stored && modelOfAccount(stored))
      : account && modelOfAccount(account);
  }
}

const answersOf = new WeakMap<Run, StoredAnswers>();

/** Lets {@link storedAnswersOf} find the answers of a run. */
export function keepAnswers(run: Run, answers: StoredAnswers): Run {
  answersOf.set(run, answers);
  return run;
}

/** Lets {@link storedAnswersOf} find the answers of a run through a wrapper of it. */
export function shareAnswers(wrapper: Run, run: Run): Run {
  const answers = answersOf.get(run);
  return answers === undefined ? wrapper : keepAnswers(wrapper, answers);
}

/** The answers of a run. Undefined if there are none yet. */
export function storedAnswersOf(run: Run): StoredAnswers | undefined {
  const answers = answersOf.get(run);
  return answers === undefined || answers.count === 0 ? undefined : answers;
}
