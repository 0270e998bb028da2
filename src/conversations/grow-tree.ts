import { endsRun } from '../internal/ends-run.ts';
import { checkNumber } from '../internal/options.ts';
import { childSeed, seededRandom } from '../internal/random.ts';
import { assistant, type Message, user } from '../messages.ts';
import type { CallPlace } from '../models/place.ts';
import { type Persona, type Statement, statementsOf } from '../personas/persona.ts';
import type { Habit } from './behaviour/habits.ts';
import { writeSide } from './best-of/write-side.ts';
import type { BranchWorth } from './branching/branching.ts';
import { type BranchStart, growBranches, pathOf } from './branching/grow-branches.ts';
import type { CheckedRoles, ConversationPrompts } from './builder-options.ts';
import type { ContinuationPolicy } from './continuation.ts';
import type {
  ConversationFailure,
  InductionScope,
  ResponseNode,
  Side,
  TurnNode,
} from './conversation-tree.ts';
import { sortFailures, toFailure } from './failures.ts';
import type { GenerationSettings } from './generation-settings.ts';
import { induceStatements } from './roles/inducer.ts';
import { type PlayedMessage, playUser } from './roles/role-player.ts';
import type { CheckedUserCheckOptions } from './user-checks/user-check-options.ts';
import { type AskedMessage, failedMessage } from './user-checks/user-check-rates.ts';

export interface GrowTreeOptions {
  readonly id: string;
  readonly persona: Persona;
  /** What the user wants done in this conversation. */
  readonly task: string | undefined;
  /** How the user behaves in this conversation. */
  readonly habits: readonly Habit[];
  readonly roles: CheckedRoles;
  /** How many responses each side is chosen from. */
  readonly bestOf: Readonly<Record<Side, number>>;
  readonly prompts: ConversationPrompts;
  readonly turns: number;
  readonly induction: InductionScope;
  readonly continuation: ContinuationPolicy;
  /** Calls for branches that go back to a response. 0 for none. */
  readonly branchCalls: number;
  readonly branchWorth: BranchWorth;
  /** Calls of this conversation so far, replayed ones included. */
  readonly callsSoFar: () => number;
  readonly userMessages: GenerationSettings;
  readonly responses: GenerationSettings;
  readonly userChecks: CheckedUserCheckOptions;
  /** Attempts per role before its branch ends. */
  readonly attempts: number;
  readonly seedFor: (place: CallPlace) => number;
  readonly signal: AbortSignal;
  readonly onTurn: (turn: TurnNode) => void;
}

export interface GrownTree {
  readonly root: TurnNode | null;
  readonly failures: readonly ConversationFailure[];
  /** All user messages, also those that were never completed or got no response. */
  readonly asked: readonly AskedMessage[];
}

/** The state of a branch before its next turn. */
interface Branch {
  readonly turn: number;
  readonly path: readonly Side[];
  readonly history: readonly Message[];
  readonly revealed: readonly string[];
}

interface PlayedTurn {
  readonly turn: TurnNode;
  /** What both responses answer. */
  readonly conversation: readonly Message[];
}

/**
 * Plays a whole conversation with one persona: every branch to its last turn, or as far as it can go.
 *
 * @throws Errors that would affect every conversation, once all calls in flight have finished. On abort, the signal's
 * reason.
 */
export async function growTree(options: GrowTreeOptions): Promise<GrownTree> {
  const { persona, roles, prompts, attempts, signal, seedFor } = options;
  const statements = statementsOf(persona);
  const failures: ConversationFailure[] = [];
  const written: AskedMessage[] = [];
  const tried = new Set<string>();
  let stopped: { readonly error: unknown } | undefined;

  async function grow(branch: Branch): Promise<TurnNode | null> {
    let turn: TurnNode;
    let conversation: readonly Message[];
    try {
      ({ turn, conversation } = await playTurn(branch));
    } catch (error) {
      if (error === BRANCH_ENDED) return null;
      throw error;
    }
    options.onTurn(turn);
    if (branch.turn === options.turns) return turn;
    const random = seededRandom(childSeed(seedFor(placeOf(branch, 'continuation')), 'continuation'));
    const sides = options.continuation({ turn: branch.turn, path: branch.path, random });
    const [preferred, rejected] = await both(
      sides.includes('preferred') ? follow(branch, { turn, conversation }, 'preferred') : turn.preferred,
      sides.includes('rejected') ? follow(branch, { turn, conversation }, 'rejected') : turn.rejected,
    );
    return { ...turn, preferred, rejected };
  }

  async function follow(
    branch: Branch,
    { turn, conversation }: PlayedTurn,
    side: Side,
  ): Promise<ResponseNode> {
    const next = await growFrom({ point: { node: turn, conversation, path: branch.path }, side });
    return next === null ? turn[side] : { ...turn[side], next };
  }

  /** What follows a response. */
  function growFrom(branch: BranchStart): Promise<TurnNode | null> {
    const { node, conversation } = branch.point;
    const path = pathOf(branch);
    tried.add(path.join());
    return grow({
      turn: node.turn + 1,
      path,
      history: [...conversation, assistant(node[branch.side].text)],
      revealed: node.revealed,
    });
  }

  async function playTurn(branch: Branch): Promise<PlayedTurn> {
    const { history } = branch;
    const [{ text: message, checks }, revealed] = await userSide(branch);
    const conversation = [...history, user(message)];
    const respondAs = (side: Side, known: readonly Statement[]) =>
      asRole(branch, side, () =>
        writeSide({
          ...options.responses,
          conversationId: options.id,
          turn: branch.turn,
          teachers: roles[side],
          count: options.bestOf[side],
          picker: roles.picker,
          pickerPrompt: prompts.picker,
          persona,
          task: options.task,
          conversation,
          revealed: known,
          placeOf: (suffix) => placeOf(branch, side, suffix),
          seedFor,
          prompt: prompts.responder,
          attempts,
          signal,
        }),
      );
    const [preferred, rejected] = await both(
      respondAs(
        'preferred',
        statements.filter(({ id }) => revealed.includes(id)),
      ),
      respondAs('rejected', []),
    );
    const turn: TurnNode = {
      turn: branch.turn,
      user: message,
      ...(checks !== undefined && { checks }),
      revealed,
      preferred,
      rejected,
    };
    return { turn, conversation };
  }

  /** Gets the user's message and the revealed statements, concurrently if the induction scope allows it. */
  async function userSide(branch: Branch): Promise<[PlayedMessage, readonly string[]]> {
    const { history } = branch;
    const play = asRole(branch, 'role-player', () =>
      playUser(roles.rolePlayer, {
        ...options.userMessages,
        persona,
        task: options.task,
        habits: options.habits.length === 0 ? undefined : options.habits.map(({ text }) => text),
        conversation: history,
        place: placeOf(branch, 'role-player'),
        conversationId: options.id,
        seedFor,
        prompt: prompts.rolePlayer,
        attempts,
        checks: options.userChecks,
        signal,
      }).then((message) => {
        written.push(message);
        return message;
      }),
    );
    const induce = (conversation: readonly Message[]) =>
      asRole(branch, 'inducer', () =>
        induceStatements(roles.inducer, {
          statements,
          known: branch.revealed,
          conversation,
          place: placeOf(branch, 'inducer'),
          seedFor,
          prompt: prompts.inducer,
          attempts,
          signal,
        }),
      );
    if (options.induction === 'previous-turns') return both(play, induce(history));
    const message = await play;
    return [message, await induce([...history, user(message.text)])];
  }

  function placeOf({ turn, path }: Branch, role: string, suffix = ''): CallPlace {
    const sides = path.map((side) => side[0]).join('');
    // A branch goes on with what its conversation had before, and all responses are to the same messages.
    const isSide = role === 'preferred' || role === 'rejected';
    const speaker = suffix.startsWith('-picker') ? 'picker' : isSide ? 'responder' : role;
    const prompt = `${options.id}/${speaker}`;
    return {
      task: 'conversations',
      subject: `${options.id}:${sides}`,
      turn,
      role: `${role}${suffix}`,
      prompt,
    };
  }

  async function asRole<Value>(
    { turn }: Pick<Branch, 'turn'>,
    role: string,
    work: () => Promise<Value>,
  ): Promise<Value> {
    if (stopped !== undefined) throw stopped.error;
    try {
      return await work();
    } catch (error) {
      if (signal.aborted || endsRun(error)) throw error;
      failures.push(toFailure(turn, role, error));
      throw BRANCH_ENDED;
    }
  }

  /**
   * Waits for both, even if one fails, so that finished calls reach the journal. After an error that would affect every
   * conversation, the other branch makes no new calls.
   */
  async function both<A, B>(first: A | Promise<A>, second: B | Promise<B>): Promise<[A, B]> {
    const outcomes = [first, second].map(async (work) => {
      try {
        await work;
      } catch (error) {
        if (error !== BRANCH_ENDED) stopped ??= { error };
      }
    });
    await Promise.all(outcomes);
    if (stopped !== undefined) throw stopped.error;
    return Promise.all([first, second]);
  }

  async function worthOf(branch: BranchStart): Promise<number> {
    const { turn } = branch.point.node;
    try {
      return checkNumber(
        'what branchWorth returns',
        await asRole({ turn }, 'judge', async () =>
          options.branchWorth({ ...branch, conversationId: options.id, persona, task: options.task }, signal),
        ),
      );
    } catch (error) {
      if (error === BRANCH_ENDED) return 0;
      throw error;
    }
  }

  const trunk = await grow({ turn: 1, path: [], history: [], revealed: [] });
  const root =
    trunk === null || options.branchCalls === 0
      ? trunk
      : await growBranches(trunk, {
          ...options,
          isTried: (path) => tried.has(path.join()),
          worthOf,
          play: growFrom,
        });
  const unwritten = failures.filter(({ role }) => role === 'role-player').map(failedMessage);
  return { root, failures: sortFailures(failures), asked: [...written, ...unwritten] };
}

/** Thrown when a branch cannot continue. The cause is in `failures`. */
const BRANCH_ENDED = Symbol('branch ended');
