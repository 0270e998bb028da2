import type { BenchmarkCase } from '../benchmark/benchmark-case.ts';
import type { Message } from '../messages.ts';
import type { ChatModel } from '../models/chat-model.ts';
import type { LockedPrompt } from '../models/locked-prompt.ts';

/** A model under test, and what it is shown. A bare `ChatModel` is shown the conversation as it is. */
export interface Candidate {
  /** How tables name it. */
  readonly name: string;
  readonly model: ChatModel;
  /** The prompt that `messages` or `respond` adds, as `lockPrompt` records it for the result. Default: none. */
  readonly prompt?: LockedPrompt | undefined;
  /** The messages the model is given, from the conversation so far and the case. Default: the conversation. */
  messages?(conversation: readonly Message[], benchmarkCase: BenchmarkCase): readonly Message[];
  /** Makes a response of several calls. Default: the reply to one call with `messages`. */
  respond?(turn: CandidateTurn): Promise<string>;
}

/** What a candidate that makes several calls is given for one response. */
export interface CandidateTurn {
  /** The conversation so far, ending with the user message to be answered. */
  readonly conversation: readonly Message[];
  /** The case, with the persona that is in force at this turn. */
  readonly case: BenchmarkCase;
  /**
   * Asks the candidate's model with the settings, the journal and a seed of the evaluation. `step` names the call
   * among those of the turn: the same step has the same seed and place whenever it is made.
   */
  ask(messages: readonly Message[], step: string): Promise<string>;
}
