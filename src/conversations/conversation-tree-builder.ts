import { InvalidOptionError } from '../errors.ts';
import { concurrentMap } from '../internal/concurrent-map.ts';
import { checkChoice, checkMethod, checkNumber } from '../internal/options.ts';
import type { ChatModel } from '../models/chat-model.ts';
import type { Persona } from '../personas/persona.ts';
import { type InductionVariables, inductionPrompt } from '../prompts/induction.ts';
import { type Prompt, promptName } from '../prompts/prompt.ts';
import { type ResponderVariables, responderPrompt } from '../prompts/responder.ts';
import { type RolePlayerVariables, rolePlayerPrompt } from '../prompts/role-player.ts';
import { memoryRun, type Run } from '../runs/run.ts';
import { type ContinuationPolicy, continueOne } from './continuation.ts';
import type {
  ConversationProvenance,
  ConversationTree,
  InductionScope,
  TurnNode,
} from './conversation-tree.ts';
import type { GenerationSettings } from './generation-settings.ts';
import { growTree } from './grow-tree.ts';

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

export interface ConversationPrompts {
  readonly rolePlayer: Prompt<RolePlayerVariables>;
  readonly inducer: Prompt<InductionVariables>;
  readonly responder: Prompt<ResponderVariables>;
}

/** What a builder reports while it works. */
export type ConversationEvent =
  | { readonly type: 'conversation-start'; readonly conversationId: string }
  | { readonly type: 'turn-end'; readonly conversationId: string; readonly turn: TurnNode }
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
  /** Conversations that are live at once; each has up to two calls in flight. Default 8. */
  readonly concurrency?: number | undefined;
  /**
   * `finish` yields each tree when it is done; `input` keeps the order of the personas, so that files made from the
   * stream are the same however fast each call was. Default `finish`.
   */
  readonly order?: 'finish' | 'input' | undefined;
  readonly onEvent?: ((event: ConversationEvent) => void) | undefined;
}

/** Plays tree-shaped preference conversations with personas (section 2 of the ALOE paper). */
export class ConversationTreeBuilder {
  readonly #run: Run;
  readonly #roles: ConversationRoles;
  readonly #options: ConversationTreeBuilderOptions;
  readonly #turns: number;
  readonly #prompts: ConversationPrompts;
  readonly #provenance: ConversationProvenance;

  /** @throws InvalidOptionError for a missing role or a value out of range. */
  constructor(options: ConversationTreeBuilderOptions) {
    this.#options = options;
    this.#run = options.run ?? memoryRun();
    const roles = checkRoles(options.roles);
    this.#turns = checkNumber('turns', options.turns ?? 10, { min: 1, integer: true });
    checkNumber('concurrency', options.concurrency ?? 8, { min: 1, integer: true });
    checkChoice('order', options.order ?? 'finish', ['finish', 'input']);
    const induction = checkChoice('induction', options.induction ?? 'previous-turns', [
      'previous-turns',
      'current-message',
    ]);
    this.#roles = {
      rolePlayer: this.#run.model(roles.rolePlayer),
      inducer: this.#run.model(roles.inducer),
      preferred: this.#run.model(roles.preferred),
      rejected: this.#run.model(roles.rejected),
    };
    this.#prompts = {
      rolePlayer: options.prompts?.rolePlayer ?? rolePlayerPrompt,
      inducer: options.prompts?.inducer ?? inductionPrompt,
      responder: options.prompts?.responder ?? responderPrompt,
    };
    this.#provenance = {
      models: {
        rolePlayer: roles.rolePlayer.id,
        inducer: roles.inducer.id,
        preferred: roles.preferred.id,
        rejected: roles.rejected.id,
      },
      prompts: {
        rolePlayer: promptName(this.#prompts.rolePlayer),
        inducer: promptName(this.#prompts.inducer),
        responder: promptName(this.#prompts.responder),
      },
      induction,
      seed: this.#run.seed,
    };
  }

  /**
   * Plays one conversation with each persona and streams the trees. A persona that comes twice gives two different
   * conversations. A conversation that cannot go on is yielded with what it has and its cause in `failures`; a
   * failure that would meet every other one as well (no key, no server) is thrown, and what was paid for stays in
   * the run.
   */
  build(
    personas: Iterable<Persona> | AsyncIterable<Persona>,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<ConversationTree> {
    return concurrentMap(withIds(personas), ({ id, persona }, signal) => this.#play(id, persona, signal), {
      concurrency: this.#options.concurrency ?? 8,
      order: this.#options.order ?? 'finish',
      signal: options.signal,
    });
  }

  async #play(id: string, persona: Persona, signal: AbortSignal): Promise<ConversationTree> {
    const { onEvent, continuation, userMessages, responses } = this.#options;
    onEvent?.({ type: 'conversation-start', conversationId: id });
    const { root, failures } = await growTree({
      id,
      persona,
      roles: this.#roles,
      prompts: this.#prompts,
      turns: this.#turns,
      induction: this.#provenance.induction,
      continuation: continuation ?? continueOne(),
      userMessages: userMessages ?? {},
      responses: responses ?? {},
      seedFor: this.#run.seedFor,
      signal,
      onTurn: (turn) => onEvent?.({ type: 'turn-end', conversationId: id, turn }),
    });
    const tree: ConversationTree = {
      schema: 'aloe-conversation/1',
      id,
      persona,
      root,
      failures,
      provenance: this.#provenance,
    };
    onEvent?.({ type: 'conversation-end', conversationId: id, tree });
    return tree;
  }
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

async function* withIds(
  personas: Iterable<Persona> | AsyncIterable<Persona>,
): AsyncGenerator<{ readonly id: string; readonly persona: Persona }> {
  const seen = new Map<string, number>();
  for await (const persona of personas) {
    const count = (seen.get(persona.id) ?? 0) + 1;
    seen.set(persona.id, count);
    yield { id: count === 1 ? persona.id : `${persona.id}#${count}`, persona };
  }
}
