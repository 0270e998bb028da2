import type { CaseAtTurn } from '../benchmark/benchmark-case.ts';
import type { Message } from '../messages.ts';
import type { ChatModel } from '../models/chat-model.ts';
import type { LockedPrompt } from '../models/locked-prompt.ts';

/**
 * A model under test and how it is prompted. A bare `ChatModel` is a candidate that sees only the conversation.
 *
 * @example
 * ```ts
 * import type { Candidate } from 'aloe-align';
 *
 * const friendly: Candidate = {
 *   name: 'my-base, told to be friendly',
 *   model,
 *   messages: (conversation) => [{ role: 'system', content: 'Be a friend.' }, ...conversation],
 * };
 * ```
 */
export interface Candidate {
  /** Name in tables. It is part of the journal key of each of its calls. */
  readonly name: string;
  /** Without a run around it: the evaluator adds its own. */
  readonly model: ChatModel;
  /** The prompt that `messages` or `respond` adds, from `lockPrompt`; recorded in the result. Default: none. */
  readonly prompt?: LockedPrompt | undefined;
  /** Builds the model's input from the conversation so far and the case. Default: the conversation. */
  messages?(conversation: readonly Message[], benchmarkCase: CaseAtTurn): readonly Message[];
  /** Produces a response with several calls. Default: one call with `messages`. */
  respond?(turn: CandidateTurn): Promise<string>;
}

/** Input of {@link Candidate.respond}: one turn to answer. */
export interface CandidateTurn {
  /** The conversation so far. It ends with the user message to answer. */
  readonly conversation: readonly Message[];
  /** The case, with the persona that applies at this turn. */
  readonly case: CaseAtTurn;
  /**
   * Calls the candidate's model with the evaluation's settings, journal and seeds. `step` identifies the call within the
   * turn and determines its seed and journal key.
   */
  ask(messages: readonly Message[], step: string): Promise<string>;
}
