import type { EvaluatedTurn } from '../../evaluation/evaluated-case.ts';
import type { Judgement } from '../../evaluation/judge.ts';
import { element } from '../../page/browser/dom.ts';
import type { Statement } from '../../personas/persona.ts';
import type { PlayedConversation } from '../page-data.ts';
import { checksNote } from './checks-note.ts';
import { copyButtons } from './copy-buttons.ts';
import { failureNote } from './failure-note.ts';
import { judgementView } from './judgement-view.ts';
import { probesView } from './probes-view.ts';
import { said } from './said.ts';
import { scoreBadge } from './scores.ts';
import { personaPanel, revealedPanel } from './statements.ts';
import { messagesMarkdown, messagesRow, playedMessages } from './transcript.ts';

/** A played and judged case, turn by turn. */
export function playedView(
  conversation: PlayedConversation,
  personas: readonly (readonly Statement[])[],
): HTMLElement[] {
  const { persona, turns, probes, failure } = conversation;
  return [
    personaPanel(personas[persona] ?? []),
    ...turns.flatMap((played, index) => {
      const { turn } = played;
      const change = changeAt(conversation, turn);
      const statements = statementsAt(conversation, turn, personas);
      const before = change === undefined ? (turns[index - 1]?.revealed ?? []) : [];
      return [
        ...(change === undefined ? [] : changeNote(change.note, statements)),
        turnView(conversation, played, statements, before),
      ];
    }),
    ...(failure === undefined ? [] : [failureNote(failure)]),
    ...probesView(probes),
  ];
}

/** The change of the user that a turn begins with. */
export function changeAt(
  { changes }: PlayedConversation,
  turn: number,
): { readonly note: string } | undefined {
  return changes.find((change) => change.turn === turn);
}

/** The persona that holds at a turn. */
export function statementsAt(
  { persona, changes }: PlayedConversation,
  turn: number,
  personas: readonly (readonly Statement[])[],
): readonly Statement[] {
  return personas[changes.findLast((change) => turn >= change.turn)?.persona ?? persona] ?? [];
}

/** Marks the turn at which the user's persona changes. */
export function changeNote(note: string, statements: readonly Statement[]): HTMLElement[] {
  return [element('p', { class: 'drift' }, note), personaPanel(statements)];
}

function turnView(
  conversation: PlayedConversation,
  { turn, user, checks, response, judgement, otherJudgement, revealed }: EvaluatedTurn,
  statements: readonly Statement[],
  before: readonly string[],
): HTMLElement {
  const messages = () => playedMessages(conversation.turns, turn);
  return element(
    'section',
    { class: 'turn', 'data-turn': String(turn) },
    element('h4', {}, `Turn ${turn}`),
    said('user', ['User', checksNote(checks)], user),
    revealedPanel(statements, revealed, before),
    said(
      'response',
      [
        'Response',
        scoreBadge(judgement.score, judgement.status),
        ...(otherJudgement === undefined
          ? []
          : ['for another persona', scoreBadge(otherJudgement.score, otherJudgement.status)]),
      ],
      response,
    ),
    judgementView(judgement, statements),
    otherView(otherJudgement, conversation.otherCase),
    copyButtons(`the conversation up to turn ${turn}`, {
      JSON: () => messagesRow(messages()),
      Markdown: () => messagesMarkdown(messages()),
    }),
  );
}

/** Folded away: the judgement of the same response for another persona. */
function otherView(judgement: Judgement | undefined, otherCase: string | undefined): HTMLElement | null {
  const view = judgement === undefined ? null : judgementView(judgement);
  if (view === null) return null;
  const summary = element('summary', {}, 'For another persona: ', element('bdi', {}, otherCase ?? ''));
  return element('details', {}, summary, view);
}
