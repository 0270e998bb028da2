/** What the pace needs to know about a call. */
export interface SentCall {
  /** Counted from 1, in the order of sending. */
  readonly index: number;
  /** Time of sending on the pacer's clock, in milliseconds. */
  readonly sentAt: number;
}
