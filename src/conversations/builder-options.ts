import { InvalidOptionError } from '../errors.ts';
import {
  type CheckedOptions,
  callback,
  checkOptions,
  oneOf,
  refuseUnknownOptions,
  wholeNumber,
} from '../internal/option-checks.ts';
import { checkMethod } from '../internal/options.ts';
import type { ChatModel } from '../models/chat-model.ts';
import type { Prompt } from '../models/prompt.ts';
import { checkRun, type Run } from '../runs/run.ts';
import { type ContinuationPolicy, continueOne } from './continuation.ts';
import type { ConversationTree, InductionScope, TurnNode } from './conversation-tree.ts';
import { checkSettings, DEFAULT_ATTEMPTS, type GenerationSettings } from './generation-settings.ts';
import { type InductionVariables, inductionPrompt } from './prompts/induction.ts';
import { type ResponderVariables, responderPrompt } from './prompts/responder.ts';
import { type RolePlayerVariables, rolePlayerPrompt } from './prompts/role-player.ts';
import {
  type CheckedUserCheckOptions,
  checkUserCheckOptions,
  type UserCheckOptions,
} from './user-checks/user-check-options.ts';

/** The four roles of a preference conversation, each its own model or the same one. */
export interface ConversationRoles {
  /** Holds the persona and writes the user's messages. */
  readonly rolePlayer: ChatModel;
  /** Says which traits the user has revealed. */
  readonly inducer: ChatModel;
  /** Answers, knowing what was revealed. */
  readonly preferred: ChatModel;
  /** Answers, knowing nothing. */
  readonly rejected: ChatModel;
}

/** The prompts of the four roles; preferred and rejected share one, which makes them alike. */
export interface ConversationPrompts {
  readonly rolePlayer: Prompt<RolePlayerVariables>;
  readonly inducer: Prompt<InductionVariables>;
  readonly responder: Prompt<ResponderVariables>;
}

/** What a builder reports while it works. */
export type ConversationEvent =
  | { readonly type: 'conversation-start'; readonly conversationId: string }
  | { readonly type: 'turn-end'; readonly conversationId: string; readonly node: TurnNode }
  | { readonly type: 'conversation-end'; readonly conversationId: string; readonly tree: ConversationTree };

export interface ConversationTreeBuilderOptions {
  /** Journal and seed of the work. Default: a run in memory with seed 0. */
  readonly run?: Run | undefined;
  /** A model for each role, or one for all. */
  readonly roles: ConversationRoles | ChatModel;
  /** Turns of a conversation. Default 10, as in the paper. */
  readonly turns?: number | undefined;
  /** What the inducer sees. Default `previous-turns`, as in the paper; it then works side by side with the role-player. */
  readonly induction?: InductionScope | undefined;
  /** From which response a conversation goes on. Default {@link continueOne}, as in the paper. */
  readonly continuation?: ContinuationPolicy | undefined;
  /** Prompts of one's own; each that is left out keeps its default. */
  readonly prompts?: Partial<ConversationPrompts> | undefined;
  /** User messages. Default: temperature 0.8, at most 160 tokens. */
  readonly userMessages?: GenerationSettings | undefined;
  /** Preferred and rejected responses alike. Default: temperature 0.7, at most 256 tokens. */
  readonly responses?: GenerationSettings | undefined;
  /** How often a role is asked for a reply that can be used, before its branch is given up. Default 3. */
  readonly attempts?: number | undefined;
  /** How strictly user messages are checked. Default: two statements of the persona a message, no model. */
  readonly userChecks?: UserCheckOptions | undefined;
  /** Conversations that are live at once; each has up to two calls in flight on each of its branches. Default: the run's `concurrency`. */
  readonly concurrency?: number | undefined;
  /**
   * `finish` yields each tree when it is done; `input` keeps the order of the personas, so that files made from the
   * stream are the same however fast each call was. Default `finish`.
   */
  readonly order?: 'finish' | 'input' | undefined;
  /** Told of each conversation and turn as they happen. What it throws ends the stream. */
  readonly onEvent?: ((event: ConversationEvent) => void) | undefined;
}

/** The options with their defaults; a model for each role, every prompt. */
export type CheckedBuilderOptions = CheckedOptions<
  ConversationTreeBuilderOptions,
  {
    readonly roles: ConversationRoles;
    readonly prompts: ConversationPrompts;
    readonly userChecks: CheckedUserCheckOptions;
  }
>;

/** @throws InvalidOptionError naming the first option that is unknown or wrong. */
export function checkBuilderOptions(options: ConversationTreeBuilderOptions): CheckedBuilderOptions {
  const run = checkRun(options?.run);
  return checkOptions<ConversationTreeBuilderOptions, CheckedBuilderOptions>(
    'ConversationTreeBuilder',
    options,
    {
      run: () => run,
      roles: checkRoles,
      turns: wholeNumber({ min: 1 }, 10),
      induction: oneOf(['previous-turns', 'current-message'], 'previous-turns'),
      continuation: callback(continueOne()),
      prompts: (given) => checkPrompts(given),
      userMessages: (given, option) => checkSettings(option, given),
      responses: (given, option) => checkSettings(option, given),
      attempts: wholeNumber({ min: 1 }, DEFAULT_ATTEMPTS),
      userChecks: checkUserCheckOptions,
      concurrency: wholeNumber({ min: 1 }, run.concurrency),
      order: oneOf(['finish', 'input'], 'finish'),
      onEvent: callback(() => {}),
    },
  );
}

const ROLE_NAMES = ['rolePlayer', 'inducer', 'preferred', 'rejected'] as const;

function checkRoles(roles: ConversationRoles | ChatModel): ConversationRoles {
  if (typeof roles !== 'object' || roles === null) {
    throw new InvalidOptionError('roles', `a chat model, or one for each of ${ROLE_NAMES.join(', ')}`, roles);
  }
  if ('generate' in roles) {
    checkMethod('roles', roles, 'generate', 'a chat model');
    return { rolePlayer: roles, inducer: roles, preferred: roles, rejected: roles };
  }
  for (const name of ROLE_NAMES) checkMethod(`roles.${name}`, roles[name], 'generate', 'a chat model');
  return roles;
}

function checkPrompts(prompts: Partial<ConversationPrompts> = {}): ConversationPrompts {
  refuseUnknownOptions('prompts', prompts, ['rolePlayer', 'inducer', 'responder']);
  const { rolePlayer = rolePlayerPrompt, inducer = inductionPrompt, responder = responderPrompt } = prompts;
  for (const [name, prompt] of Object.entries({ rolePlayer, inducer, responder })) {
    checkMethod(`prompts.${name}`, prompt, 'messages', 'a prompt: { id, version, messages() }');
  }
  return { rolePlayer, inducer, responder };
}
