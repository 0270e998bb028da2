import type { CaseAtTurn } from '../benchmark/benchmark-case.ts';
import type { GenerationSettings } from '../conversations/generation-settings.ts';
import { ContentFilterError, MalformedReplyError } from '../errors.ts';
import type { Message } from '../messages.ts';
import type { ChatModel, FinishReason } from '../models/chat-model.ts';
import type { CallPlace } from '../models/place.ts';
import { withoutReasoning } from '../models/without-reasoning.ts';
import type { Run } from '../runs/run.ts';
import type { Candidate } from './candidate.ts';
import type { Judgement } from './judge.ts';
import { isSilent, silentJudgement } from './silent-response.ts';

/** How a candidate is asked. */
export interface CandidateSetting {
  readonly candidate: Candidate;
  /** The candidate's model, with the run around it. */
  readonly model: ChatModel;
  readonly responses: GenerationSettings;
  readonly run: Run;
  readonly signal: AbortSignal;
}

/** What a candidate is to answer. */
export interface CandidateTask {
  /** Ends with the user message to answer. */
  readonly conversation: readonly Message[];
  /** The case, with the persona that applies. */
  readonly case: CaseAtTurn;
  /** The place of each of its calls; undefined for the only call of a candidate without steps. */
  readonly placeOf: (step: string | undefined) => CallPlace;
}

/** What a candidate said. */
export interface CandidateReply {
  /** Without `<think>` blocks; may be empty. */
  readonly response: string;
  /** Whether the response was cut off at the token limit. */
  readonly truncated: boolean;
  /** The first warning of its calls. */
  readonly warning?: string | undefined;
  /** The judgement of a response that says nothing; undefined for one that a judge has to rate. */
  readonly silence?: Judgement | undefined;
}

/**
 * Has a candidate answer. An empty, withheld or unusable reply is an answer that says nothing; any other failure is
 * thrown, since then there is no answer to rate.
 */
export async function askCandidate(
  { candidate, model, responses, run, signal }: CandidateSetting,
  { conversation, case: current, placeOf }: CandidateTask,
): Promise<CandidateReply> {
  /** By text, since a candidate may answer with another than its last one. */
  const endings = new Map<string, FinishReason>();
  let last: FinishReason | undefined;
  let warning: string | undefined;
  async function ask(messages: readonly Message[], step?: string): Promise<string> {
    const place = placeOf(step);
    const request = { messages, ...responses, seed: run.seedFor(place) };
    const reply = await model.generate(request, { signal, place });
    last = reply.finishReason;
    endings.set(reply.text, last);
    warning ??= reply.warning;
    return reply.text;
  }
  try {
    const reply = await (candidate.respond?.({ conversation, case: current, ask }) ??
      ask(candidate.messages?.(conversation, current) ?? conversation));
    const response = withoutReasoning(reply);
    const ending = endings.get(reply) ?? last;
    return isSilent(response)
      ? { response, truncated: false, warning, silence: silenceAfter(ending) }
      : { response, truncated: ending === 'length', warning };
  } catch (error) {
    if (ContentFilterError.isInstance(error)) {
      return withoutWords(silentJudgement('withheld-response', error.message));
    }
    if (MalformedReplyError.isInstance(error)) {
      return withoutWords(silentJudgement('no-response', error.message));
    }
    throw error;
  }
}

const withoutWords = (silence: Judgement): CandidateReply => ({ response: '', truncated: false, silence });

/** @param ending How the call that gave the response ended. */
function silenceAfter(ending: FinishReason | undefined): Judgement {
  if (ending === 'content-filter') {
    return silentJudgement('withheld-response', "The provider's content filter withheld the response.");
  }
  if (ending === 'length') {
    return silentJudgement(
      'no-response',
      'The token limit was reached before the response began. Raise responses.maxOutputTokens.',
    );
  }
  return silentJudgement();
}
