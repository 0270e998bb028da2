import { type Message, user } from '../messages.ts';
import type { CallPlace } from '../models/place.ts';
import { type Persona, type Statement, statementsOf } from '../personas/persona.ts';
import type { Habit } from './behaviour/habits.ts';
import { writeSide } from './best-of/write-side.ts';
import type { BranchWork } from './branch-work.ts';
import type { CheckedRoles, ConversationPrompts } from './builder-options.ts';
import type { InductionScope, ResponseNode, Side, TurnNode } from './conversation-tree.ts';
import type { GenerationSettings } from './generation-settings.ts';
import { induceStatements } from './roles/inducer.ts';
import { type PlayedMessage, playUser } from './roles/role-player.ts';
import type { CheckedUserCheckOptions } from './user-checks/user-check-options.ts';
import type { AskedMessage } from './user-checks/user-check-rates.ts';

/** What all turns of a conversation share. */
export interface TurnSetting {
  /** Id of the conversation. */
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
  readonly induction: InductionScope;
  readonly userMessages: GenerationSettings;
  readonly responses: GenerationSettings;
  readonly userChecks: CheckedUserCheckOptions;
  /** Attempts per role before its branch ends. */
  readonly attempts: number;
  readonly seedFor: (place: CallPlace) => number;
  readonly signal: AbortSignal;
}

/** The state of a branch before its next turn. */
export interface Branch {
  readonly turn: number;
  readonly path: readonly Side[];
  readonly history: readonly Message[];
  readonly revealed: readonly string[];
}

/** A turn that was played. */
export interface PlayedTurn {
  readonly turn: TurnNode;
  /** What both responses answer. */
  readonly conversation: readonly Message[];
}

/**
 * Plays one turn: the user's message, the statements it reveals, and both responses.
 *
 * @param onMessage Called with the user's message, also if the turn then fails.
 */
export async function playTurn(
  branch: Branch,
  setting: TurnSetting,
  work: BranchWork,
  onMessage: (message: AskedMessage) => void,
): Promise<PlayedTurn> {
  const play = (): Promise<PlayedMessage> =>
    work.asRole(branch.turn, 'role-player', async () => {
      const message = await writeMessage(branch, setting);
      onMessage(message);
      return message;
    });
  const induce = (conversation: readonly Message[]) =>
    work.asRole(branch.turn, 'inducer', () => findRevealed(branch, setting, conversation));
  const respond = (side: Side, revealed: readonly Statement[], conversation: readonly Message[]) =>
    work.asRole(branch.turn, side, () => writeResponse(branch, setting, { side, revealed, conversation }));

  const { history } = branch;
  let message: PlayedMessage;
  let revealed: readonly string[];
  if (setting.induction === 'previous-turns') {
    [message, revealed] = await work.both(play(), induce(history));
  } else {
    message = await play();
    revealed = await induce([...history, user(message.text)]);
  }
  const conversation = [...history, user(message.text)];
  const known = statementsOf(setting.persona).filter(({ id }) => revealed.includes(id));
  const [preferred, rejected] = await work.both(
    respond('preferred', known, conversation),
    respond('rejected', [], conversation),
  );
  const { text, checks } = message;
  const turn: TurnNode = {
    turn: branch.turn,
    user: text,
    ...(checks !== undefined && { checks }),
    revealed,
    preferred,
    rejected,
  };
  return { turn, conversation };
}

function writeMessage(branch: Branch, setting: TurnSetting): Promise<PlayedMessage> {
  const { id, persona, task, habits, roles, prompts, attempts, seedFor, signal } = setting;
  return playUser(roles.rolePlayer, {
    ...setting.userMessages,
    persona,
    task,
    habits: habits.length === 0 ? undefined : habits.map(({ text }) => text),
    conversation: branch.history,
    place: placeOf(id, branch, 'role-player'),
    conversationId: id,
    seedFor,
    prompt: prompts.rolePlayer,
    attempts,
    checks: setting.userChecks,
    signal,
  });
}

function findRevealed(
  branch: Branch,
  { id, persona, roles, prompts, attempts, seedFor, signal }: TurnSetting,
  conversation: readonly Message[],
): Promise<readonly string[]> {
  return induceStatements(roles.inducer, {
    statements: statementsOf(persona),
    known: branch.revealed,
    conversation,
    place: placeOf(id, branch, 'inducer'),
    seedFor,
    prompt: prompts.inducer,
    attempts,
    signal,
  });
}

function writeResponse(
  branch: Branch,
  { id, persona, task, roles, bestOf, prompts, responses, attempts, seedFor, signal }: TurnSetting,
  asked: {
    readonly side: Side;
    readonly revealed: readonly Statement[];
    readonly conversation: readonly Message[];
  },
): Promise<ResponseNode> {
  const { side, revealed, conversation } = asked;
  return writeSide({
    ...responses,
    conversationId: id,
    turn: branch.turn,
    teachers: roles[side],
    count: bestOf[side],
    picker: roles.picker,
    pickerPrompt: prompts.picker,
    persona,
    task,
    conversation,
    revealed,
    placeOf: (suffix) => placeOf(id, branch, side, suffix),
    seedFor,
    prompt: prompts.responder,
    attempts,
    signal,
  });
}

/** The place of a call in a conversation. @param suffix Tells several calls of a role in one turn apart: `-picker-1`. */
export function placeOf(
  conversationId: string,
  { turn, path }: Pick<Branch, 'turn' | 'path'>,
  role: string,
  suffix = '',
): CallPlace {
  const sides = path.map((side) => side[0]).join('');
  // A branch goes on with what its conversation had before, and all responses are to the same messages.
  const isSide = role === 'preferred' || role === 'rejected';
  const speaker = suffix.startsWith('-picker') ? 'picker' : isSide ? 'responder' : role;
  return {
    task: 'conversations',
    subject: `${conversationId}:${sides}`,
    turn,
    role: `${role}${suffix}`,
    prompt: `${conversationId}/${speaker}`,
  };
}
