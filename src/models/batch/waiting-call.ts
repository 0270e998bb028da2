import type { ChatRequest, ChatResponse } from '../chat-model.ts';

/** A call that waits for its result. */
export interface WaitingCall {
  /** Id of its row in a batch. */
  readonly id: string;
  readonly request: ChatRequest;
  /** Size of its row, at most. */
  readonly bytes: number;
  /** How often it came back without a result. */
  attempts: number;
  /** Ends the waiting. */
  readonly settle: (outcome: { readonly response: ChatResponse } | { readonly error: unknown }) => void;
}
