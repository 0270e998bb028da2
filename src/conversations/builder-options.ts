import { InvalidOptionError } from '../errors.ts';
import {
  type CheckedOptions,
  callback,
  checkOptions,
  oneOf,
  refuseUnknownOptions,
  type Scalars,
  wholeNumber,
} from '../internal/option-checks.ts';
import { checkMethod } from '../internal/options.ts';
import type { ChatModel } from '../models/chat-model.ts';
import type { Prompt } from '../models/prompt.ts';
import { checkRun, type Run } from '../runs/run.ts';
import { workAtOnce } from '../runs/work/work-at-once.ts';
import { type CheckedHabitShares, checkHabitShares, type HabitShares } from './behaviour/habits.ts';
import { checkTasks } from './behaviour/tasks.ts';
import { MAX_BEST_OF } from './best-of/rate-responses.ts';
import { type BranchWorth, whereResponsesDiffer } from './branching/branching.ts';
import { type ContinuationPolicy, continueOne } from './continuation.ts';
import { type ConversationTree, type InductionScope, MAX_TURNS, type TurnNode } from './conversation-tree.ts';
import { checkSettings, DEFAULT_ATTEMPTS, type GenerationSettings } from './generation-settings.ts';
import { type InductionVariables, inductionPrompt } from './prompts/induction.ts';
import { type PickResponseVariables, pickResponsePrompt } from './prompts/pick-response.ts';
import { type ResponderVariables, responderPrompt } from './prompts/responder.ts';
import { type RolePlayerVariables, rolePlayerPrompt } from './prompts/role-player.ts';
import { SIDES, type Side } from './side.ts';
import {
  type CheckedUserCheckOptions,
  checkUserCheckOptions,
  type UserCheckOptions,
} from './user-checks/user-check-options.ts';

/** A model for each of the four roles of a preference conversation; of the two responses, also several. */
export interface ConversationRoles {
  /** Knows the whole persona and writes the user's messages. */
  readonly rolePlayer: ChatModel;
  /** Decides which statements of the persona the user's messages have revealed. */
  readonly inducer: ChatModel;
  /** Writes the preferred response. Is told the revealed statements. Several write by turns, in an order drawn by the seed. */
  readonly preferred: ChatModel | readonly ChatModel[];
  /** Writes the rejected response. Is told nothing about the user. Several write by turns, as for the preferred one. */
  readonly rejected: ChatModel | readonly ChatModel[];
}

/** Every model of a preference conversation. */
export interface CheckedRoles {
  readonly rolePlayer: ChatModel;
  readonly inducer: ChatModel;
  readonly preferred: readonly ChatModel[];
  readonly rejected: readonly ChatModel[];
  /** Chooses from several responses. */
  readonly picker: ChatModel;
}

/** The prompts of the roles. Preferred and rejected share `responder`, so that only the hint differs. */
export interface ConversationPrompts {
  /** Default {@link rolePlayerPrompt}, for strong models. A weak one needs `steeredRolePlayerPrompt`. */
  readonly rolePlayer: Prompt<RolePlayerVariables>;
  /** Default {@link inductionPrompt}. */
  readonly inducer: Prompt<InductionVariables>;
  /** Default {@link responderPrompt}. */
  readonly responder: Prompt<ResponderVariables>;
  /** Default {@link pickResponsePrompt}. Used with `bestOf`. */
  readonly picker: Prompt<PickResponseVariables>;
}

/** Events of a {@link ConversationTreeBuilder}. The `node` of `turn-end` does not include later turns. */
export type ConversationEvent =
  | { readonly type: 'conversation-start'; readonly conversationId: string }
  | { readonly type: 'turn-end'; readonly conversationId: string; readonly node: TurnNode }
  | { readonly type: 'conversation-end'; readonly conversationId: string; readonly tree: ConversationTree };

/** Options of {@link ConversationTreeBuilder}. */
export interface ConversationTreeBuilderOptions {
  /** Holds the journal, the seed and the budget. Default: an in-memory run with seed 0. */
  readonly run?: Run | undefined;
  /** One model per role, or one model for all roles. */
  readonly roles: ConversationRoles | ChatModel;
  /**
   * How many responses each side is chosen from, 1 to 16: one number for both, or `{ preferred, rejected }`. With more than
   * one, `picker` rates them in two calls. Those that were not chosen stay in the tree. Default 1.
   */
  readonly bestOf?: number | Partial<Readonly<Record<Side, number>>> | undefined;
  /** Knows the whole persona, and picks the best of several responses for it. Default: the inducer. */
  readonly picker?: ChatModel | undefined;
  /** Turns per conversation, at most 450. Default 10, as in the paper. */
  readonly turns?: number | undefined;
  /**
   * What the inducer sees. Default `current-message`: the preferred response can suit what was just said. With
   * `previous-turns`, as in the paper, the inducer runs concurrently with the role-player, and a turn is a third faster.
   */
  readonly induction?: InductionScope | undefined;
  /** Which responses a conversation continues from. Default {@link continueOne}, as in the paper. */
  readonly continuation?: ContinuationPolicy | undefined;
  /**
   * Calls per conversation, besides those of `continuation`, for branches that go back to a response the conversation did
   * not continue from. Each plays to the last turn, so it is only begun if the calls left are enough for it, and passes the
   * limit only by repeated attempts. Default 0: no such branches.
   */
  readonly branchCalls?: number | undefined;
  /** Which responses to go back to. Default {@link whereResponsesDiffer}. */
  readonly branchWorth?: BranchWorth | undefined;
  /** Custom prompts. Omitted ones keep their default. */
  readonly prompts?: Partial<ConversationPrompts> | undefined;
  /** Generation settings of user messages. Default: temperature 0.8, at most 300 tokens. */
  readonly userMessages?: GenerationSettings | undefined;
  /** Generation settings of preferred and rejected responses. Default: temperature 0.7, at most 512 tokens. */
  readonly responses?: GenerationSettings | undefined;
  /** Attempts per role to get a valid reply, before its branch ends. Default 3. */
  readonly attempts?: number | undefined;
  /** How strictly user messages are checked. Default: at most two statements of the persona per message, no model. */
  readonly userChecks?: UserCheckOptions | undefined;
  /**
   * Gives each persona something to get done in its conversation, drawn by the run's seed: true for the 48 shipped tasks,
   * or a list of sentences without their subject, such as "wants a toast written". Default false: small talk.
   */
  readonly tasks?: boolean | readonly string[] | undefined;
  /**
   * Gives personas habits, drawn by the run's seed: the chance of each, one for all or by name, such as
   * `{ typos: 0.3, impatient: 0.2 }`. Default 0: none.
   */
  readonly habits?: HabitShares | undefined;
  /**
   * Concurrent conversations. Each branch has up to two calls in flight. Default: the run's `concurrency`, twice as many
   * for the last ones of an array, so that no call slot stays empty, and 10,000 if a model answers in batches.
   */
  readonly concurrency?: number | undefined;
  /**
   * `finish` yields each tree as soon as it is complete. `input` keeps the order of the personas, so that files written
   * from the stream are reproducible. Default `finish`.
   */
  readonly order?: 'finish' | 'input' | undefined;
  /** Called for each conversation and turn. An error it throws ends the stream. */
  readonly onEvent?: ((event: ConversationEvent) => void) | undefined;
}

/** The options of {@link ConversationTreeBuilderOptions} that are numbers or texts. */
export const builderScalars: Scalars<
  Record<'turns' | 'attempts' | 'branchCalls' | 'bestOf', number> & Record<'induction', InductionScope>
> = {
  bestOf: wholeNumber(
    { min: 1, max: MAX_BEST_OF },
    1,
    'Responses that each side is chosen from. With more than one, a judge picks the best.',
  ),
  turns: wholeNumber({ min: 1, max: MAX_TURNS }, 10, 'Turns per conversation.'),
  induction: oneOf<InductionScope>(
    ['previous-turns', 'current-message'],
    'current-message',
    'What the inducer sees: the current message too, or, as in the paper, previous turns only.',
  ),
  attempts: wholeNumber({ min: 1 }, DEFAULT_ATTEMPTS, 'Attempts per role to get a valid reply.'),
  branchCalls: wholeNumber(
    { min: 0 },
    0,
    'Calls per conversation for branches that go back to a response that was not continued.',
  ),
};

/** Validated options with defaults applied, one model per role and every prompt. */
export type CheckedBuilderOptions = CheckedOptions<
  ConversationTreeBuilderOptions,
  {
    readonly roles: CheckedRoles;
    readonly bestOf: Readonly<Record<Side, number>>;
    readonly prompts: ConversationPrompts;
    readonly userChecks: CheckedUserCheckOptions;
    readonly tasks: readonly string[] | null;
    readonly habits: CheckedHabitShares;
  }
>;

/** @throws InvalidOptionError naming the first unknown or invalid option. */
export function checkBuilderOptions(options: ConversationTreeBuilderOptions): CheckedBuilderOptions {
  const run = checkRun(options?.run);
  // Options are checked in order, so that those after it find the roles here.
  let roles: CheckedRoles;
  return checkOptions<ConversationTreeBuilderOptions, CheckedBuilderOptions>(
    'ConversationTreeBuilder',
    options,
    {
      run: () => run,
      roles(given) {
        roles = checkRoles(given, options.picker);
        return roles;
      },
      ...builderScalars,
      bestOf: checkBestOf,
      picker: () => roles.picker,
      continuation: callback(continueOne()),
      branchWorth: callback(whereResponsesDiffer()),
      prompts: (given) => checkPrompts(given),
      userMessages: (given, option) => checkSettings(option, given),
      responses: (given, option) => checkSettings(option, given),
      userChecks: checkUserCheckOptions,
      tasks: checkTasks,
      habits: (given, option) => checkHabitShares(given ?? 0, option),
      concurrency: (given, option) =>
        wholeNumber({ min: 1 }, workAtOnce(run, modelsOf(roles, options.userChecks)))(given, option),
      order: oneOf(['finish', 'input'], 'finish'),
      onEvent: callback(() => {}),
    },
  );
}

function modelsOf(
  roles: CheckedRoles,
  userChecks: ConversationTreeBuilderOptions['userChecks'],
): ChatModel[] {
  return [...Object.values(roles).flat(), ...(userChecks?.model ? [userChecks.model] : [])];
}

const ROLE_NAMES = ['rolePlayer', 'inducer', 'preferred', 'rejected'] as const;

function checkRoles(roles: ConversationRoles | ChatModel, picker: ChatModel | undefined): CheckedRoles {
  if (typeof roles !== 'object' || roles === null) {
    throw new InvalidOptionError('roles', `a ChatModel, or one for each of ${ROLE_NAMES.join(', ')}`, roles);
  }
  if (picker !== undefined) checkMethod('picker', picker, 'generate', 'a ChatModel');
  if ('generate' in roles) {
    checkMethod('roles', roles, 'generate', 'a ChatModel');
    const teachers = [roles];
    return {
      rolePlayer: roles,
      inducer: roles,
      preferred: teachers,
      rejected: teachers,
      picker: picker ?? roles,
    };
  }
  refuseUnknownOptions('roles', roles, ROLE_NAMES);
  const { rolePlayer, inducer, preferred, rejected } = roles;
  checkMethod('roles.rolePlayer', rolePlayer, 'generate', 'a ChatModel');
  checkMethod('roles.inducer', inducer, 'generate', 'a ChatModel');
  return {
    rolePlayer,
    inducer,
    preferred: checkTeachers('roles.preferred', preferred),
    rejected: checkTeachers('roles.rejected', rejected),
    picker: picker ?? inducer,
  };
}

function checkTeachers(option: string, given: ChatModel | readonly ChatModel[]): readonly ChatModel[] {
  const teachers = [given].flat();
  if (teachers.length === 0) throw new InvalidOptionError(option, 'at least one ChatModel', given);
  for (const teacher of teachers) checkMethod(option, teacher, 'generate', 'a ChatModel');
  return teachers;
}

function checkBestOf(
  given: ConversationTreeBuilderOptions['bestOf'],
  option: string,
): Readonly<Record<Side, number>> {
  const count = builderScalars.bestOf;
  if (typeof given !== 'object' || given === null) {
    const both = count(given, option);
    return { preferred: both, rejected: both };
  }
  refuseUnknownOptions(option, given, SIDES);
  return {
    preferred: count(given.preferred, `${option}.preferred`),
    rejected: count(given.rejected, `${option}.rejected`),
  };
}

function checkPrompts(prompts: Partial<ConversationPrompts> = {}): ConversationPrompts {
  const defaults: ConversationPrompts = {
    rolePlayer: rolePlayerPrompt,
    inducer: inductionPrompt,
    responder: responderPrompt,
    picker: pickResponsePrompt,
  };
  refuseUnknownOptions('prompts', prompts, Object.keys(defaults));
  const given = Object.entries(prompts).filter(([, prompt]) => prompt !== undefined);
  for (const [name, prompt] of given) {
    checkMethod(`prompts.${name}`, prompt, 'messages', 'a prompt: { id, version, messages() }');
  }
  return { ...defaults, ...Object.fromEntries(given) };
}
