/** What a program of the product bench is to do. */
export interface Work {
  readonly baseUrl: string;
  /** Conversations, or cases of an evaluation. */
  readonly conversations: number;
  readonly turns: number;
  /** Calls in flight. */
  readonly concurrency: number;
  /** Where to write, and what to resume. */
  readonly dir: string;
  /** Whether conversations may fail. The manifest says how many did. Default false: then the program fails. */
  readonly mayFail?: boolean | undefined;
  /** Called when a call is sent. A program that is not watched does not pay for events. */
  readonly onCall?: (() => void) | undefined;
}
