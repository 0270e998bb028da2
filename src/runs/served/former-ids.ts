import { describeBaseUrl, OPENAI_BASE_URL } from '../../http/base-url.ts';
import type { ChatModel } from '../../models/chat-model.ts';
import type { SpentByModel } from '../journal/journal-reader.ts';

/** A served model of a run of version 0.1, whose ids named adapter and address. */
export interface FormerModel {
  /** Its id then: `openai:tuned@localhost:8000/v1`. */
  readonly formerId: string;
  /** Its id today: `tuned`. */
  readonly id: string;
  /** Where it was served, as `ModelServer.address` has it. */
  readonly address: string;
}

/** What an id ended with if a setting changed the requests. */
const SUFFIXES = /(?::(?:json=(?:object|none)|no-(?:temperature|seed|stop)|max_completion_tokens))*$/;

/** What an id of version 0.1 can mean today. Empty if it is not that of a served model: other ids are unchanged. */
export function readFormerId(formerId: string): FormerModel[] {
  const [, adapter, rest] = /^(openai|openai-compatible|ai-sdk):(.+)$/.exec(formerId) ?? [];
  if (adapter === undefined || rest === undefined) return [];
  const suffixes = SUFFIXES.exec(rest)?.[0] ?? '';
  const name = rest.slice(0, rest.length - suffixes.length);
  const read = (todaysName: string, address: string): FormerModel => ({
    formerId,
    // The name of the limit's field is no longer part of an id.
    id: `${todaysName}${suffixes.replace(':max_completion_tokens', '')}`,
    address,
  });
  if (adapter === 'ai-sdk') {
    const slash = name.indexOf('/');
    // The gateway's names have a slash too.
    return [read(name.slice(slash + 1), name.slice(0, Math.max(slash, 0))), read(name, 'gateway')];
  }
  const at = name.lastIndexOf('@');
  return [
    at > 0 ? read(name.slice(0, at), name.slice(at + 1)) : read(name, describeBaseUrl(OPENAI_BASE_URL)),
  ];
}

/** Finds the answers of a run of version 0.1 under today's ids. */
export class FormerIds {
  readonly #models: Map<string, FormerModel[]>;
  readonly #spent: SpentByModel;

  constructor(spent: SpentByModel) {
    this.#spent = spent;
    this.#models = Map.groupBy([...spent.keys()].flatMap(readFormerId), ({ id }) => id);
  }

  /**
   * The ids under which a model's answers are stored. At another address only if the name had a single one: two addresses
   * may have been two models.
   */
  idsOf({ id, server }: ChatModel): string[] {
    const former = this.#models.get(id) ?? [];
    const here = former.filter(({ address }) => address === server?.address);
    const found = here.length > 0 || this.#addressesOf(id).length > 1 ? here : former;
    return [id, ...found.map(({ formerId }) => formerId)];
  }

  /** Number of answers under a name of today. */
  count(id: string): number {
    const ids = [id, ...(this.#models.get(id) ?? []).map(({ formerId }) => formerId)];
    return ids.reduce((sum, stored) => sum + (this.#spent.get(stored)?.calls ?? 0), 0);
  }

  /** Where each name was served. */
  addresses(): Record<string, string> {
    return Object.fromEntries(
      [...this.#models.keys()].map((id) => [id, this.#addressesOf(id).join(' and ')]),
    );
  }

  #addressesOf(id: string): string[] {
    return [...new Set(this.#models.get(id)?.map(({ address }) => address))];
  }
}
