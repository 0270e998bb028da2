import { type ConversationTree, decisionPoints } from '../../conversations/conversation-tree.ts';
import type { EvaluationResult } from '../../evaluation/evaluation-result.ts';
import { simulationName } from '../../evaluation/repeats.ts';
import { counted } from '../../internal/format.ts';
import { html, type Markup } from '../../page/html.ts';
import { numberStatements, type Persona } from '../../personas/persona.ts';
import { verdictNote } from './verdict-note.ts';

/** So that the page of a large evaluation does not double in size. The script reads all of it. */
const MOST_CHARACTERS = 1_000_000;

/** The conversations as plain markup, for browsers without JavaScript. */
export function transcripts(
  evaluations: readonly EvaluationResult[],
  trees: readonly ConversationTree[],
): Markup {
  const parts = [
    ...evaluations.flatMap((evaluation) => evaluation.cases.map((own) => played(own, evaluation))),
    ...trees.map(pairs),
  ];
  const shown: Markup[] = [];
  let room = MOST_CHARACTERS;
  for (const part of parts) {
    room -= part.markup.length;
    if (room < 0) break;
    shown.push(part);
  }
  const rest = parts.length - shown.length;
  return html`<p>Search, filters and comparisons require JavaScript. ${rest === 0 ? null : `So does reading ${counted(rest, 'further conversation')}.`}</p>
${shown}`;
}

function played(own: EvaluationResult['cases'][number], { candidate }: EvaluationResult): Markup {
  return html`<details><summary><bdi>${simulationName(own)}</bdi>, <bdi>${candidate.name}</bdi></summary>
${personaList(own.persona)}
${own.turns.map(({ turn, user, response, judgement: { score, rationale } }) => [
  html`<h4>Turn ${turn}</h4>
${said('User', user)}`,
  said(`Response, ${score === null ? 'no score' : `score ${score}`}`, response),
  rationale === undefined ? null : said('Judge', rationale),
])}</details>
`;
}

function pairs(tree: ConversationTree): Markup {
  return html`<details><summary><bdi>${tree.id}</bdi></summary>
${personaList(tree.persona)}
${[...decisionPoints(tree)].map(
  ({ node: { turn, user, revealed, preferred, rejected, verdict } }) => html`<h4>Turn ${turn}</h4>
${said('User', user)}<p class="note">Revealed so far: ${revealed.length === 0 ? 'nothing' : revealed.join(', ')}</p>
${said('Preferred', preferred.text)}${said('Rejected', rejected.text)}${verdict === undefined ? null : verdictNote(verdict)}`,
)}</details>
`;
}

function personaList(persona: Persona): Markup {
  return html`<ul class="statements">${numberStatements(persona).map(
    ({ id, text }) => html`<li><span class="statement-id">${id}</span><span dir="auto">${text}</span></li>`,
  )}</ul>`;
}

function said(heading: string, text: string): Markup {
  return html`<h5>${heading}</h5><p class="written" dir="auto">${text}</p>
`;
}
