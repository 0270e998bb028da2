import type { TextFault } from './faults/text-check.ts';

/** Why a pair is left out for its content. Each of these rules can be switched off with `keep`. */
export type ContentDrop = TextFault | 'flawed-user-turn' | 'recites-unrevealed' | 'wrong-way' | 'undecided';

/**
 * Why a record is left out of the training files:
 * - `bad-conversation`: the conversation does not alternate between user and assistant, does not start and end with the user,
 *   or has an empty message.
 * - `empty-response`: a response is empty or only whitespace.
 * - `truncated-response`: a response was cut at the token limit. Even cut back to its last sentence, it ends where the limit was.
 * - `broken-text`: a response contains U+FFFD, the sign of a damaged character.
 * - `identical-pair`: the responses differ only in case and whitespace.
 * - `nothing-revealed`: the preferred model was told fewer than `minRevealed` statements. If it was told none, both models
 *   had the same prompt, so the pair expresses no preference.
 * - `prompt-leak`: a response, or a message before it, repeats the words of a prompt.
 * - `benchmark-overlap`: the persona is a case of the benchmark, or a text repeats what a case says.
 * - `flawed-user-turn`: the user message was kept in spite of a problem, or the user fell out of the role before it.
 * - `refusal`: a response refuses.
 * - `assistant-voice`: the response to learn speaks as a language model.
 * - `wrong-language`: a response is in another language than the user's messages.
 * - `repetition`: a response repeats itself, an earlier response or the user's message, word for word.
 * - `recites-unrevealed`: the preferred response states something about the user that nobody has said.
 * - `near-identical`: the responses differ in hardly a word.
 * - `wrong-way`: a judge prefers the rejected response in both orders.
 * - `undecided`: a judge prefers neither response in both orders.
 * - `sibling`: an extra pair of responses that were not chosen, which is no demonstration.
 * - `duplicate`: it repeats an earlier training example.
 * - `over-limit`: its conversation has more than `maxRecordsPerConversation` records.
 * - `length-balance`: dropped by `balanceLength`, so that length does not predict the preferred response.
 */
export type DropReason =
  | 'bad-conversation'
  | 'empty-response'
  | 'truncated-response'
  | 'broken-text'
  | 'identical-pair'
  | 'nothing-revealed'
  | ContentDrop
  | 'sibling'
  | 'duplicate'
  | 'over-limit'
  | 'length-balance';

/** What each rule on content finds, for people, in the order in which they are asked. */
const CONTENT_SENTENCES: Readonly<Record<ContentDrop, string>> = {
  'prompt-leak': 'A text repeats the words of a prompt.',
  'benchmark-overlap': 'It is about a person of the benchmark, so training on it would spoil the evaluation.',
  'flawed-user-turn': 'The user message has a problem that no attempt repaired.',
  refusal: 'A response refuses to answer.',
  'assistant-voice': 'The preferred response speaks as a language model.',
  'wrong-language': 'A response is in another language than the user writes.',
  repetition: 'A response says the same thing again, word for word.',
  'recites-unrevealed': 'The preferred response says something about the user that nobody has said.',
  'near-identical': 'The responses differ in hardly a word.',
  'wrong-way': 'A judge who knows the user likes the rejected response better.',
  undecided: 'A judge who knows the user cannot tell which response is better.',
};

/** What each reason means, for people, in the order in which they are looked for. */
export const DROP_SENTENCES: Readonly<Record<DropReason, string>> = {
  'bad-conversation': 'User and assistant do not alternate, or a message is empty.',
  'empty-response': 'A response is empty.',
  'truncated-response': 'A response was cut off at the token limit.',
  'broken-text': 'A response has a damaged character.',
  'identical-pair': 'Both responses are the same.',
  'nothing-revealed': 'The preferred model was told too little about the user to know better than the other.',
  ...CONTENT_SENTENCES,
  sibling: 'An extra pair. Responses that were not chosen are not demonstrations.',
  duplicate: 'It is already among the training examples.',
  'over-limit': 'The conversation has enough other records.',
  'length-balance': 'Left out so that length does not predict the preferred response.',
};

/** All reasons, in the order in which they are looked for. */
export const DROP_REASONS: readonly [DropReason, ...DropReason[]] = reasonsOf(DROP_SENTENCES);

/** The reasons that `keep` can name. */
export const CONTENT_DROPS: readonly [ContentDrop, ...ContentDrop[]] = reasonsOf(CONTENT_SENTENCES);

function reasonsOf<Reason extends DropReason>(
  sentences: Readonly<Record<Reason, string>>,
): readonly [Reason, ...Reason[]] {
  return Object.keys(sentences) as [Reason, ...Reason[]];
}
