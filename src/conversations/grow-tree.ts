import { AloeError } from '../errors.ts';
import { endsRun } from '../internal/ends-run.ts';
import { childSeed, seededRandom } from '../internal/random.ts';
import { assistant, type Message, user } from '../messages.ts';
import { numberTraits, type Persona, type Trait } from '../personas/persona.ts';
import type { CallPlace } from '../runs/place.ts';
import type { ContinuationPolicy } from './continuation.ts';
import type {
  ConversationFailure,
  InductionScope,
  ResponseNode,
  Side,
  TurnNode,
} from './conversation-tree.ts';
import type { ConversationPrompts, ConversationRoles } from './conversation-tree-builder.ts';
import type { GenerationSettings } from './generation-settings.ts';
import { induceTraits } from './roles/inducer.ts';
import { respond } from './roles/responder.ts';
import { playUser } from './roles/role-player.ts';

export interface GrowTreeOptions {
  readonly id: string;
  readonly persona: Persona;
  readonly roles: ConversationRoles;
  readonly prompts: ConversationPrompts;
  readonly turns: number;
  readonly induction: InductionScope;
  readonly continuation: ContinuationPolicy;
  readonly userMessages: GenerationSettings;
  readonly responses: GenerationSettings;
  readonly seedFor: (place: CallPlace) => number;
  readonly signal: AbortSignal;
  readonly onTurn: (turn: TurnNode) => void;
}

export interface GrownTree {
  readonly root: TurnNode | null;
  readonly failures: readonly ConversationFailure[];
}

/** Where a branch of the tree stands before its next turn. */
interface Branch {
  readonly turn: number;
  readonly path: readonly Side[];
  readonly history: readonly Message[];
  readonly revealed: readonly string[];
}

/** Plays a whole conversation with one persona: every branch to its last turn, or to where it cannot go on. */
export async function growTree(options: GrowTreeOptions): Promise<GrownTree> {
  const { persona, roles, prompts, signal, seedFor } = options;
  const traits = numberTraits(persona);
  const failures: ConversationFailure[] = [];

  async function grow(branch: Branch): Promise<TurnNode | null> {
    let turn: TurnNode;
    try {
      turn = await playTurn(branch);
    } catch (error) {
      if (!(error instanceof RoleFailure)) throw error;
      failures.push(error.failure);
      return null;
    }
    options.onTurn(turn);
    if (branch.turn === options.turns) return turn;
    const random = seededRandom(childSeed(seedFor(placeOf(branch, 'continuation')), 'continuation'));
    const sides = options.continuation({ turn: branch.turn, path: branch.path, random });
    const [preferred, rejected] = await Promise.all([
      sides.includes('preferred') ? follow(branch, turn, 'preferred') : turn.preferred,
      sides.includes('rejected') ? follow(branch, turn, 'rejected') : turn.rejected,
    ]);
    return { ...turn, preferred, rejected };
  }

  async function follow(branch: Branch, turn: TurnNode, side: Side): Promise<ResponseNode> {
    const next = await grow({
      turn: branch.turn + 1,
      path: [...branch.path, side],
      history: [...branch.history, user(turn.user), assistant(turn[side].text)],
      revealed: turn.revealed,
    });
    return next === null ? turn[side] : { ...turn[side], next };
  }

  async function playTurn(branch: Branch): Promise<TurnNode> {
    const { history } = branch;
    const [message, revealed] = await userSide(branch);
    const conversation = [...history, user(message)];
    const answer = (side: Side, known: readonly Trait[]) =>
      asRole(branch, side, () =>
        respond(roles[side], {
          ...options.responses,
          conversation,
          revealed: known,
          place: placeOf(branch, side),
          seedFor,
          prompt: prompts.responder,
          signal,
        }),
      );
    const [preferred, rejected] = await both(
      answer(
        'preferred',
        traits.filter(({ id }) => revealed.includes(id)),
      ),
      answer('rejected', []),
    );
    return { turn: branch.turn, user: message, revealed, preferred, rejected };
  }

  /** The user's message and what is known before it is answered; side by side where the scope allows it. */
  async function userSide(branch: Branch): Promise<[string, readonly string[]]> {
    const { history } = branch;
    const play = asRole(branch, 'role-player', () =>
      playUser(roles.rolePlayer, {
        ...options.userMessages,
        persona,
        conversation: history,
        place: placeOf(branch, 'role-player'),
        seedFor,
        prompt: prompts.rolePlayer,
        signal,
      }),
    );
    const induce = (conversation: readonly Message[]) =>
      asRole(branch, 'inducer', () =>
        induceTraits(roles.inducer, {
          traits,
          known: branch.revealed,
          conversation,
          place: placeOf(branch, 'inducer'),
          seedFor,
          prompt: prompts.inducer,
          signal,
        }),
      );
    if (options.induction === 'previous-turns') return both(play, induce(history));
    const message = await play;
    return [message, await induce([...history, user(message)])];
  }

  function placeOf({ turn, path }: Branch, role: string): CallPlace {
    const sides = path.map((side) => side[0]).join('');
    return { task: 'conversations', subject: `${options.id}:${sides}`, turn, role };
  }

  function asRole<Value>(branch: Branch, role: string, work: () => Promise<Value>): Promise<Value> {
    return work().catch((error: unknown) => {
      if (signal.aborted || endsRun(error)) throw error;
      throw new RoleFailure(branch.turn, role, error);
    });
  }

  const root = await grow({ turn: 1, path: [], history: [], revealed: [] });
  return { root, failures };
}

/** Ends one branch; what it carries goes into the tree. */
class RoleFailure extends Error {
  readonly failure: ConversationFailure;

  constructor(turn: number, role: string, error: unknown) {
    super('a role failed', { cause: error });
    const code = AloeError.isInstance(error) ? error.code : 'unknown';
    this.failure = { turn, role, code, message: error instanceof Error ? error.message : String(error) };
  }
}

/** Both, side by side. When one fails the other is still waited for: what it costs is then journaled, not lost. */
async function both<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return Promise.all([first, second]);
}
