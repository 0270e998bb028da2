import type { Usage } from '../../models/chat-model.ts';

/** Calls and their tokens, by account (`accounts.ts`). */
export type SpentByAccount = ReadonlyMap<string, { readonly calls: number; readonly usage: Usage }>;

/** Part of a budget. */
export interface Amount {
  readonly usd: number;
  readonly tokens: number;
}

/** What a process uses of its part of the budget. */
export interface InUse extends Amount {
  /** Calls in flight. Their part may become smaller. */
  readonly calls: number;
}

/** The budget of a run that several processes spend. Each spends only what it was granted. */
export interface SharedBooks {
  /** What this process may spend in all, from when it opened the run. */
  readonly granted: Amount;
  /** Tells the books where to ask for what is in use. The rest goes back when other processes need it. */
  follow(inUse: () => InUse): void;
  /**
   * Asks for more.
   *
   * @param need What is missing for the next call.
   * @returns `later` if other processes hold some that they may give back; `none` if nobody does.
   */
  ask(need: Amount): Promise<'granted' | 'later' | 'none'>;
  /** Changes the budget for this process. */
  setBudget(budget: { readonly usd?: number | undefined; readonly tokens?: number | undefined }): void;
  /** What all processes have spent, when `ask` last looked. */
  spent(): Amount;
  /** What all processes but this one have recorded in the life of the run. A few seconds old. */
  others(): SpentByAccount;
}
