/** The answers that the demo plays. */
export interface Recording {
  readonly schema: 'aloe-demo/1';
  /** How it came about. */
  readonly about: string;
  /** Year and month: `2026-11`. */
  readonly date: string;
  /** By place, as `formatPlace` writes it: the text, and tokens in and out. */
  readonly answers: Readonly<
    Record<string, readonly [text: string, inputTokens: number, outputTokens: number]>
  >;
}
