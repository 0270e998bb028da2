import type { Message } from '../messages.ts';
import type { ChatModel } from '../models/chat-model.ts';
import type { BenchmarkCase } from './benchmark-case.ts';

/** A model under test, and what it is shown. A bare `ChatModel` is shown the conversation as it is. */
export interface Candidate {
  /** How tables name it. */
  readonly name: string;
  readonly model: ChatModel;
  /** `id@version` of the prompt that `messages` adds, for the result's provenance. Default: none. */
  readonly prompt?: string | undefined;
  /** The messages the model is given, from the conversation so far and the case. Default: the conversation. */
  messages?(conversation: readonly Message[], benchmarkCase: BenchmarkCase): readonly Message[];
}
