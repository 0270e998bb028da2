import type { BenchmarkCase } from '../benchmark/benchmark-case.ts';
import type { GenerationSettings } from '../conversations/generation-settings.ts';
import type { Message } from '../messages.ts';
import type { ChatModel } from '../models/chat-model.ts';
import type { CallPlace } from '../models/place.ts';
import { withoutReasoning } from '../models/without-reasoning.ts';
import type { Run } from '../runs/run.ts';
import type { Candidate } from './candidate.ts';

/** How a candidate is asked. */
export interface CandidateSetting {
  readonly candidate: Candidate;
  /** The candidate's model, with the run around it. */
  readonly model: ChatModel;
  readonly response: GenerationSettings;
  readonly run: Run;
  readonly signal: AbortSignal;
}

/** What a candidate is to answer. */
export interface CandidateTask {
  /** Ends with the user message to answer. */
  readonly conversation: readonly Message[];
  /** The case, with the persona that applies. */
  readonly case: BenchmarkCase;
  /** The place of each of its calls; undefined for the only call of a candidate without steps. */
  readonly placeOf: (step: string | undefined) => CallPlace;
}

/** One response of a candidate, with `<think>` blocks removed. */
export async function askCandidate(
  { candidate, model, response, run, signal }: CandidateSetting,
  { conversation, case: current, placeOf }: CandidateTask,
): Promise<string> {
  async function ask(messages: readonly Message[], step?: string): Promise<string> {
    const place = placeOf(step);
    const request = { messages, ...response, seed: run.seedFor(place) };
    return (await model.generate(request, { signal, place })).text;
  }
  const reply = await (candidate.respond?.({ conversation, case: current, ask }) ??
    ask(candidate.messages?.(conversation, current) ?? conversation));
  return withoutReasoning(reply);
}
