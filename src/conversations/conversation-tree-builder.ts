import { InvalidOptionError } from '../errors.ts';
import { describeIssues } from '../internal/describe-issues.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import { checkNumber } from '../internal/options.ts';
import type { ChatModel } from '../models/chat-model.ts';
import { promptName } from '../models/prompt.ts';
import { type Persona, personaSchema } from '../personas/persona.ts';
import { sumAnswers, tallyByRole } from '../runs/served/tally-served.ts';
import { mapWork } from '../runs/work/map-work.ts';
import { drawHabits, type Habit, withHabits } from './behaviour/habits.ts';
import { drawTask } from './behaviour/tasks.ts';
import {
  type CheckedBuilderOptions,
  type ConversationTreeBuilderOptions,
  checkBuilderOptions,
} from './builder-options.ts';
import { checkedTrees, checkIterable } from './check-trees.ts';
import { type ConversationProvenance, type ConversationTree, decisionPoints } from './conversation-tree.ts';
import { growTree } from './grow-tree.ts';
import { CONVERSATION_ROLES, servedNames } from './served-roles.ts';
import { withRun } from './user-checks/user-check-options.ts';
import { countUserChecks } from './user-checks/user-check-rates.ts';

export type {
  ConversationEvent,
  ConversationPrompts,
  ConversationRoles,
  ConversationTreeBuilderOptions,
} from './builder-options.ts';

/**
 * Generates tree-shaped preference conversations with simulated users (section 2 of the ALOE paper).
 *
 * @example
 * ```ts
 * const builder = new ConversationTreeBuilder({ run, roles: model });
 * await saveConversations(builder.build(pool.personas()), 'conversations.jsonl');
 * ```
 */
export class ConversationTreeBuilder {
  /** Models are already wrapped by the run. */
  readonly #options: CheckedBuilderOptions;
  readonly #provenance: ConversationProvenance;
  /** Whether more conversations may be played at a time towards the end: not if the caller set their number. */
  readonly #mayPlayMore: boolean;

  /** @throws InvalidOptionError for a missing role or a value out of range. */
  constructor(options: ConversationTreeBuilderOptions) {
    const checked = checkBuilderOptions(options);
    const { run, roles, prompts, bestOf } = checked;
    const ids = (teachers: readonly ChatModel[]) => [...new Set(teachers.map(({ id }) => id))].join(', ');
    const picks = bestOf.preferred > 1 || bestOf.rejected > 1;
    this.#mayPlayMore = options.concurrency === undefined;
    this.#options = {
      ...checked,
      roles: {
        rolePlayer: run.model(roles.rolePlayer),
        inducer: run.model(roles.inducer),
        preferred: roles.preferred.map((teacher) => run.model(teacher)),
        rejected: roles.rejected.map((teacher) => run.model(teacher)),
        picker: run.model(roles.picker),
      },
      userChecks: withRun(checked.userChecks, run),
    };
    this.#provenance = {
      models: {
        rolePlayer: roles.rolePlayer.id,
        inducer: roles.inducer.id,
        preferred: ids(roles.preferred),
        rejected: ids(roles.rejected),
        ...(picks && { picker: roles.picker.id }),
      },
      prompts: {
        rolePlayer: promptName(prompts.rolePlayer),
        inducer: promptName(prompts.inducer),
        responder: promptName(prompts.responder),
        ...(picks && { picker: promptName(prompts.picker) }),
      },
      ...(picks && { bestOf }),
      induction: checked.induction,
      seed: run.seed,
    };
  }

  /**
   * Plays one conversation with each persona and streams the trees. A persona that appears twice gives two different
   * conversations; the second one's id ends in `#2`. A conversation that cannot continue is yielded incomplete, with
   * the cause in `failures`. A failure that would affect every conversation (no key, no server) is thrown. Completed
   * calls stay in the run.
   *
   * @param options.signal Aborts the work. Its reason is thrown, and unfinished conversations are not yielded.
   * @throws InvalidOptionError when `personas` is not iterable; from the stream, for an invalid persona.
   */
  build(
    personas: Iterable<Persona> | AsyncIterable<Persona>,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<ConversationTree> {
    checkIterable('personas', personas);
    checkKnownOptions<typeof options>('build()', options, { signal: true });
    const size = this.#mayPlayMore && Array.isArray(personas) ? personas.length : undefined;
    return this.#playAll(this.#draw(withIds(personas)), {
      attempts: this.#options.attempts,
      size,
      signal: options.signal,
    });
  }

  /**
   * Resumes conversations that have failures and streams their trees under the same ids. Other trees are skipped.
   * Successful calls are replayed from the run. Failed calls are sent again, and a role whose replies were unusable
   * gets more attempts.
   *
   * @param trees Conversations from this run, built with the same options. With different options they are played
   * from the start.
   * @param options.attempts Attempts per role in total, including earlier ones. Default: twice the builder's
   * `attempts`. Each further round needs a higher number.
   * @param options.signal As in {@link build}.
   * @throws InvalidOptionError when `trees` is not iterable, or `attempts` is below the builder's; from the stream,
   * for an invalid tree.
   */
  retryFailed(
    trees: Iterable<ConversationTree> | AsyncIterable<ConversationTree>,
    options: { readonly attempts?: number | undefined; readonly signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<ConversationTree> {
    checkIterable('trees', trees);
    checkKnownOptions<typeof options>('retryFailed()', options, { attempts: true, signal: true });
    const before = this.#options.attempts;
    const attempts = checkNumber('attempts', options.attempts ?? 2 * before, { min: before, integer: true });
    return this.#playAll(withFailures(trees), { attempts, size: undefined, signal: options.signal });
  }

  #playAll(
    conversations: AsyncIterable<Conversation>,
    { attempts, size, signal }: PlayOptions,
  ): AsyncGenerator<ConversationTree> {
    const { run, concurrency, order, turns, branchCalls, userMessages, responses, onEvent } = this.#options;
    return mapWork(
      run,
      conversations,
      {
        name: 'conversations',
        work: ({ id, persona }) => ({
          kind: 'conversation',
          subject: { conversationId: id, personaId: persona.id },
          outcome: (tree) => ({
            decisionPoints: [...decisionPoints(tree)].length,
            failures: tree.failures.length,
            failureCode: tree.failures[0]?.code,
          }),
        }),
        setting: () => ({
          ...this.#provenance,
          turns,
          ...(branchCalls > 0 && { branchCalls }),
          userMessages,
          responses,
          attempts,
        }),
        content: (conversation) => conversation,
        play: (conversation, ending) => this.#playTree(conversation, attempts, ending),
        isWhole: ({ failures }) => failures.length === 0,
        received: ({ id }, tree) => {
          onEvent({ type: 'conversation-start', conversationId: id });
          onEvent({ type: 'conversation-end', conversationId: id, tree });
        },
      },
      { concurrency, size, order, signal },
    );
  }

  async #playTree(
    { id, persona, task, habits }: Conversation,
    attempts: number,
    signal: AbortSignal,
  ): Promise<ConversationTree> {
    const { onEvent, run, roles, userChecks } = this.#options;
    const { runs, served } = tallyByRole(run, CONVERSATION_ROLES);
    onEvent({ type: 'conversation-start', conversationId: id });
    const { root, failures, asked } = await growTree({
      ...this.#options,
      roles: {
        rolePlayer: runs.rolePlayer.model(roles.rolePlayer),
        inducer: runs.inducer.model(roles.inducer),
        preferred: roles.preferred.map((teacher) => runs.preferred.model(teacher)),
        rejected: roles.rejected.map((teacher) => runs.rejected.model(teacher)),
        picker: runs.picker.model(roles.picker),
      },
      userChecks: withRun(userChecks, runs.checker),
      id,
      persona,
      task,
      habits,
      attempts,
      callsSoFar: () => sumAnswers(Object.values(served()).flat()),
      seedFor: run.seedFor,
      signal,
      onTurn: (turn) => onEvent({ type: 'turn-end', conversationId: id, node: turn }),
    });
    const names = servedNames(served());
    const tree: ConversationTree = {
      schema: 'aloe-conversation/2',
      id,
      persona,
      ...(task !== undefined && { task }),
      ...(habits.length > 0 && { habits }),
      root,
      failures,
      userChecks: countUserChecks(asked),
      provenance: { ...this.#provenance, ...(names && { served: names }) },
    };
    onEvent({ type: 'conversation-end', conversationId: id, tree });
    return tree;
  }

  /** Draws what each user wants done and how they behave. */
  async *#draw(people: AsyncIterable<IdentifiedPersona>): AsyncGenerator<Conversation> {
    const { run, tasks, habits: shares } = this.#options;
    for await (const { id, persona } of people) {
      const seedOf = (role: string) => run.seedFor({ task: 'conversations', subject: id, role });
      const habits = drawHabits(persona, shares, seedOf('habits'));
      const task = tasks === null ? undefined : drawTask(tasks, seedOf('task'));
      yield { id, persona: withHabits(persona, habits), task, habits };
    }
  }
}

interface PlayOptions {
  readonly attempts: number;
  /** Number of conversations, if it is known. */
  readonly size: number | undefined;
  readonly signal: AbortSignal | undefined;
}

interface IdentifiedPersona {
  readonly id: string;
  readonly persona: Persona;
}

/** A conversation to play. Its persona has what the habits make it want. */
interface Conversation extends IdentifiedPersona {
  readonly task: string | undefined;
  readonly habits: readonly Habit[];
}

/** Derives a unique conversation id from each persona's id. */
async function* withIds(
  personas: Iterable<Persona> | AsyncIterable<Persona>,
): AsyncGenerator<IdentifiedPersona> {
  const taken = new Set<string>();
  const counts = new Map<string, number>();
  for await (const unchecked of personas) {
    const persona = checkPersona(unchecked);
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
  for await (const tree of checkedTrees(trees)) {
    if (tree.failures.length > 0) {
      const { id, persona, task, habits = [] } = tree;
      yield { id, persona, task, habits };
    }
  }
}

function checkPersona(persona: Persona): Persona {
  const parsed = personaSchema.safeParse(persona);
  if (parsed.success) return persona;
  const problem = describeIssues(parsed.error, persona);
  throw new InvalidOptionError('personas', `personas with facts and traits (${problem})`, persona);
}
