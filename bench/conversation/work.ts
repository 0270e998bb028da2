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
  /** Called when a call is sent. A program that is not watched does not pay for events. */
  readonly onCall?: (() => void) | undefined;
}
