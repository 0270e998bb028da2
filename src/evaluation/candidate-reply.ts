import { ContentFilterError, MalformedReplyError } from '../errors.ts';
import type { Message } from '../messages.ts';
import type { ChatResponse, FinishReason } from '../models/chat-model.ts';
import { withoutReasoning } from '../models/without-reasoning.ts';
import type { Judgement } from './judge.ts';
import { isSilent, silentJudgement } from './silent-response.ts';

/** What a candidate said in a turn. */
export interface CandidateReply {
  /** Without `<think>` blocks; may be empty. */
  readonly response: string;
  /** The judgement of a response that says nothing; undefined for one that a judge has to rate. */
  readonly silence?: Judgement | undefined;
}

/**
 * Has a candidate answer. An empty, withheld or unusable reply is an answer that says nothing; any other failure is
 * thrown, since then there is no answer to rate.
 *
 * @param respond produces the response, calling the model through the function it gets.
 * @param generate calls the candidate's model.
 */
export async function askCandidate(
  respond: (ask: (messages: readonly Message[], step?: string) => Promise<string>) => Promise<string>,
  generate: (messages: readonly Message[], step?: string) => Promise<ChatResponse>,
): Promise<CandidateReply> {
  let ending: FinishReason | undefined;
  async function ask(messages: readonly Message[], step?: string): Promise<string> {
    const { text, finishReason } = await generate(messages, step);
    ending = finishReason;
    return text;
  }
  try {
    const response = withoutReasoning(await respond(ask));
    return isSilent(response) ? { response, silence: silenceAfter(ending) } : { response };
  } catch (error) {
    if (ContentFilterError.isInstance(error)) {
      return { response: '', silence: silentJudgement('withheld-response', error.message) };
    }
    if (MalformedReplyError.isInstance(error)) {
      return { response: '', silence: silentJudgement('no-response', error.message) };
    }
    throw error;
  }
}

/** @param ending How the last call of the turn ended. */
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
