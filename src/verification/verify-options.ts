import type { ConversationTree } from '../conversations/conversation-tree.ts';
import type { PairVerdict } from '../conversations/pair-verdict.ts';
import {
  type CheckedOptions,
  callback,
  checkOptions,
  number,
  oneOf,
  type Scalars,
  wholeNumber,
  withMethod,
} from '../internal/option-checks.ts';
import { checkMethod } from '../internal/options.ts';
import type { ChatModel } from '../models/chat-model.ts';
import type { Prompt } from '../models/prompt.ts';
import { checkRun, type Run } from '../runs/run.ts';
import { workAtOnce } from '../runs/work/work-at-once.ts';
import { type VerifyPairVariables, verifyPairPrompt } from './verify-pair-prompt.ts';

/** Events of `verifyPairs()`. */
export type VerificationEvent =
  | { readonly type: 'verification-start'; readonly conversationId: string }
  | {
      readonly type: 'pair-verified';
      readonly conversationId: string;
      readonly turn: number;
      readonly verdict: PairVerdict;
    }
  | { readonly type: 'verification-end'; readonly conversationId: string; readonly tree: ConversationTree };

/** Options of `verifyPairs()`. */
export interface VerifyPairsOptions {
  /** Holds the journal, the seed and the budget. Default: an in-memory run with seed 0. */
  readonly run?: Run | undefined;
  /** Knows the whole persona, and says which response this user would rather have got. Two calls per pair. */
  readonly judge: ChatModel;
  /** Default {@link verifyPairPrompt}. */
  readonly prompt?: Prompt<VerifyPairVariables> | undefined;
  /** Sampling temperature, 0 or more. Default 0. */
  readonly temperature?: number | undefined;
  /** Token limit of a verdict. Default 300. */
  readonly maxOutputTokens?: number | undefined;
  /** Maximum number of attempts, including the first, when a verdict is malformed. Default 3. */
  readonly attempts?: number | undefined;
  /**
   * Conversations worked on at the same time. Each has two calls in flight. Default: the run's `concurrency`, and 10,000 if the
   * judge answers in batches.
   */
  readonly concurrency?: number | undefined;
  /** `finish` yields each tree as soon as it is complete, `input` keeps the order of the trees. Default `input`. */
  readonly order?: 'finish' | 'input' | undefined;
  /** Called for each conversation and pair. An error it throws ends the stream. */
  readonly onEvent?: ((event: VerificationEvent) => void) | undefined;
  /** Aborts the work. Its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

const scalars: Scalars<Record<'temperature' | 'maxOutputTokens' | 'attempts', number>> = {
  temperature: number({ min: 0 }, 0),
  maxOutputTokens: wholeNumber({ min: 1 }, 300),
  attempts: wholeNumber({ min: 1 }, 3),
};

/** Validated options with defaults applied. */
export type CheckedVerifyOptions = CheckedOptions<
  VerifyPairsOptions,
  { readonly signal: AbortSignal | undefined }
>;

/** @throws InvalidOptionError naming the first unknown or invalid option. */
export function checkVerifyOptions(options: VerifyPairsOptions): CheckedVerifyOptions {
  const run = checkRun(options?.run);
  return checkOptions<VerifyPairsOptions, CheckedVerifyOptions>('verifyPairs()', options, {
    run: () => run,
    judge: withMethod<ChatModel>('generate', 'a ChatModel'),
    prompt(given = verifyPairPrompt, option) {
      checkMethod(option, given, 'messages', 'a prompt: { id, version, messages() }');
      return given;
    },
    ...scalars,
    concurrency: (given, option) => wholeNumber({ min: 1 }, workAtOnce(run, [options.judge]))(given, option),
    order: oneOf(['finish', 'input'], 'input'),
    onEvent: callback(() => {}),
    signal: (given) => given,
  });
}
