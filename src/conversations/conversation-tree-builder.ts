import { z } from 'zod';
import { InvalidOptionError } from '../errors.ts';
import { concurrentMap } from '../internal/concurrent-map.ts';
import { checkNumber } from '../internal/options.ts';
import { promptName } from '../models/prompt.ts';
import { type Persona, personaSchema } from '../personas/persona.ts';
import {
  type CheckedBuilderOptions,
  type ConversationTreeBuilderOptions,
  checkBuilderOptions,
} from './builder-options.ts';
import {
  type ConversationProvenance,
  type ConversationTree,
  conversationTreeSchema,
} from './conversation-tree.ts';
import { growTree } from './grow-tree.ts';
import { countTreeChecks } from './user-checks/count-tree-checks.ts';
import { withRun } from './user-checks/user-check-options.ts';

export type {
  ConversationEvent,
  ConversationPrompts,
  ConversationRoles,
  ConversationTreeBuilderOptions,
} from './builder-options.ts';

/** Plays tree-shaped preference conversations with personas (section 2 of the ALOE paper). */
export class ConversationTreeBuilder {
  /** With the run around its models. */
  readonly #options: CheckedBuilderOptions;
  readonly #provenance: ConversationProvenance;

  /** @throws InvalidOptionError for a missing role or a value out of range. */
  constructor(options: ConversationTreeBuilderOptions) {
    const checked = checkBuilderOptions(options);
    const { run, roles, prompts } = checked;
    this.#options = {
      ...checked,
      roles: {
        rolePlayer: run.model(roles.rolePlayer),
        inducer: run.model(roles.inducer),
        preferred: run.model(roles.preferred),
        rejected: run.model(roles.rejected),
      },
      userChecks: withRun(checked.userChecks, run),
    };
    this.#provenance = {
      models: {
        rolePlayer: roles.rolePlayer.id,
        inducer: roles.inducer.id,
        preferred: roles.preferred.id,
        rejected: roles.rejected.id,
      },
      prompts: {
        rolePlayer: promptName(prompts.rolePlayer),
        inducer: promptName(prompts.inducer),
        responder: promptName(prompts.responder),
      },
      induction: checked.induction,
      seed: run.seed,
    };
  }

  /**
   * Plays one conversation with each persona and streams the trees. A persona that comes twice gives two different
   * conversations; the second one's id ends in `#2`. A conversation that cannot go on is yielded with what it has
   * and its cause in `failures`; a failure that would meet every other one as well (no key, no server) is thrown,
   * and what was paid for stays in the run.
   *
   * @param options.signal Ends the work; its reason is thrown, and conversations that were still being played are
   * not yielded.
   * @throws InvalidOptionError when `personas` cannot be iterated; from the stream, for a persona that is none.
   */
  build(
    personas: Iterable<Persona> | AsyncIterable<Persona>,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<ConversationTree> {
    checkIterable('personas', personas);
    return this.#playAll(withIds(personas), this.#options.attempts, options.signal);
  }

  /**
   * Takes up again the conversations with failures, and streams their trees, under the same ids; the others are left
   * out. What worked is replayed from the run. Calls that failed are sent again, and a role whose replies could not be
   * used is asked for more of them.
   *
   * @param trees Conversations of this run, as a builder with the same options made them. With other options they are
   * played anew.
   * @param options.attempts How often a role is asked in all, the earlier times included. Default: twice the builder's
   * `attempts`. A further round needs a higher number.
   * @param options.signal As in {@link build}.
   * @throws InvalidOptionError when `trees` cannot be iterated, or for fewer attempts than the builder's; from the
   * stream, for a tree that is none.
   */
  retryFailed(
    trees: Iterable<ConversationTree> | AsyncIterable<ConversationTree>,
    options: { readonly attempts?: number | undefined; readonly signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<ConversationTree> {
    checkIterable('trees', trees);
    const before = this.#options.attempts;
    const attempts = checkNumber('attempts', options.attempts ?? 2 * before, { min: before, integer: true });
    return this.#playAll(withFailures(trees), attempts, options.signal);
  }

  #playAll(
    conversations: AsyncIterable<Conversation>,
    attempts: number,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<ConversationTree> {
    const { concurrency, order } = this.#options;
    return concurrentMap(conversations, (each, ending) => this.#play(each, attempts, ending), {
      concurrency,
      order,
      signal,
    });
  }

  async #play(
    { id, persona }: Conversation,
    attempts: number,
    signal: AbortSignal,
  ): Promise<ConversationTree> {
    const { onEvent, run } = this.#options;
    onEvent({ type: 'conversation-start', conversationId: id });
    const { root, failures } = await growTree({
      ...this.#options,
      id,
      persona,
      attempts,
      seedFor: run.seedFor,
      signal,
      onTurn: (turn) => onEvent({ type: 'turn-end', conversationId: id, node: turn }),
    });
    const tree: ConversationTree = {
      schema: 'aloe-conversation/2',
      id,
      persona,
      root,
      failures,
      userChecks: countTreeChecks({ root, failures }),
      provenance: this.#provenance,
    };
    onEvent({ type: 'conversation-end', conversationId: id, tree });
    return tree;
  }
}

interface Conversation {
  readonly id: string;
  readonly persona: Persona;
}

function checkIterable(option: 'personas' | 'trees', value: unknown): void {
  const iterable =
    typeof value === 'object' &&
    value !== null &&
    (Symbol.asyncIterator in value || Symbol.iterator in value);
  if (!iterable) throw new InvalidOptionError(option, `an iterable or async iterable of ${option}`, value);
}

/** Conversations are named after their personas, each by a name of its own. */
async function* withIds(personas: Iterable<Persona> | AsyncIterable<Persona>): AsyncGenerator<Conversation> {
  const taken = new Set<string>();
  const counts = new Map<string, number>();
  for await (const candidate of personas) {
    const persona = checkPersona(candidate);
    let count = counts.get(persona.id) ?? 0;
    let id: string;
    do {
      count += 1;
      id = count === 1 ? persona.id : `${persona.id}#${count}`;
    } while (taken.has(id));
    counts.set(persona.id, count);
    taken.add(id);
    yield { id, persona };
  }
}

async function* withFailures(
  trees: Iterable<ConversationTree> | AsyncIterable<ConversationTree>,
): AsyncGenerator<Conversation> {
  for await (const tree of trees) {
    const parsed = conversationTreeSchema.safeParse(tree);
    if (!parsed.success) {
      const problem = z.prettifyError(parsed.error).replaceAll('\n', ' ');
      throw new InvalidOptionError('trees', `conversation trees (${problem})`, tree);
    }
    if (tree.failures.length > 0) yield { id: tree.id, persona: tree.persona };
  }
}

function checkPersona(persona: Persona): Persona {
  const parsed = personaSchema.safeParse(persona);
  if (parsed.success) return persona;
  const problem = z.prettifyError(parsed.error).replaceAll('\n', ' ');
  throw new InvalidOptionError('personas', `personas with facts and traits (${problem})`, persona);
}
