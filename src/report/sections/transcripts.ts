import { type ConversationTree, decisionPoints } from '../../conversations/conversation-tree.ts';
import type { EvaluationResult } from '../../evaluation/evaluation-result.ts';
import { simulationName } from '../../evaluation/repeats.ts';
import { counted } from '../../internal/format.ts';
import { html, type Markup } from '../../page/html.ts';

/** So that the page of a large evaluation does not double in size. The script reads all of it. */
const MOST_CHARACTERS = 1_000_000;

/** The conversations as plain markup, for browsers without JavaScript. */
export function transcripts(
  evaluations: readonly EvaluationResult[],
  trees: readonly ConversationTree[],
): Markup {
  const all = [
    ...evaluations.flatMap((evaluation) => evaluation.cases.map((own) => played(own, evaluation))),
  ];
  const parts = [...all, ...trees.map(pairs)];
  const shown: Markup[] = [];
  let room = MOST_CHARACTERS;
  for (const part of parts) {
    room -= part.markup.length;
    if (room < 0) break;
    shown.push(part);
  }
  const rest = parts.length - shown.length;
  return html`<p>Search, filters and comparisons require JavaScript. ${rest === 0 ? null : `So do ${counted(rest, 'further conversation')}, which are left out here.`}</p>
${shown}`;
}

function played(own: EvaluationResult['cases'][number], { candidate }: EvaluationResult): Markup {
  return html`<details><summary><bdi>${simulationName(own)}</bdi>, <bdi>${candidate.name}</bdi></summary>
${own.turns.map(
  ({ turn, user, response, judgement }) => html`<h4>Turn ${turn}</h4>
${said('User', user)}${said(`Response, ${judgement.score === null ? 'no score' : `score ${judgement.score}`}`, response)}`,
)}</details>
`;
}

function pairs(tree: ConversationTree): Markup {
  return html`<details><summary><bdi>${tree.id}</bdi></summary>
${[...decisionPoints(tree)].map(
  ({ node: { turn, user, preferred, rejected } }) => html`<h4>Turn ${turn}</h4>
${said('User', user)}${said('Preferred', preferred.text)}${said('Rejected', rejected.text)}`,
)}</details>
`;
}

function said(heading: string, text: string): Markup {
  return html`<h5>${heading}</h5><p class="written" dir="auto">${text}</p>
`;
}
