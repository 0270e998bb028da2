import { type ConversationTree, decisionPoints, type Side } from '../../conversations/conversation-tree.ts';
import { SIDES } from '../../conversations/side.ts';
import { counted } from '../../internal/format.ts';
import { html, type Markup } from '../../page/html.ts';
import { countWords } from '../../personas/rules/text-features.ts';
import { choosePair, type ShownPair } from '../choose-pair.ts';
import { describeTold } from '../describe-told.ts';
import { splitEchoes } from '../echoes.ts';
import type { Section } from './section.ts';
import { verdictNote } from './verdict-note.ts';

/** What a preference pair is, with one of the corpus as an example. */
export function pairsSection(trees: readonly ConversationTree[]): Section {
  const pair = choosePair(trees);
  const count = trees.reduce((sum, tree) => sum + [...decisionPoints(tree)].length, 0);
  return {
    id: 'pairs',
    heading: 'Preference pairs',
    content: html`<p class="about">A simulated user talks about things that show who they are. At each turn two models respond to the same message. One is told what the user has revealed so far, and its response is the preferred one. The other is told nothing, and its response is rejected. Training on such pairs teaches a model to pick up from a conversation alone what the first one was told.</p>
${pair === null ? null : example(pair)}
<p><a href="#conversations?candidate=Corpus">Read all ${counted(count, 'pair')} of ${counted(trees.length, 'conversation')}</a></p>`,
  };
}

function example({ tree, node, known }: ShownPair): Markup {
  return html`<h3>An example: turn ${node.turn} of <bdi>${tree.id}</bdi></h3>
<div class="said user"><h4>User</h4>${written(html`${node.user}`)}</div>
${
  known.length === 0
    ? null
    : html`<div><h4>What the user has revealed so far</h4>
<ul class="statements">${known.map(({ id, text }) => html`<li><span class="statement-id">${id}</span><span dir="auto">${text}</span></li>`)}</ul></div>`
}
<p class="note">${describeTold(node)}${known.length === 0 ? null : ' Marked: words that also stand in what the user has revealed.'}</p>
<div class="pair">
${SIDES.map((side) => response({ node, known }, side))}
</div>
${node.verdict === undefined ? null : verdictNote(node.verdict)}`;
}

function response({ node, known }: Pick<ShownPair, 'node' | 'known'>, side: Side): Markup {
  const { text } = node[side];
  const statements = known.map((statement) => statement.text);
  const parts = splitEchoes(text, statements).map((part) =>
    part.isEcho ? html`<mark>${part.text}</mark>` : html`${part.text}`,
  );
  return html`<div class="said response ${side}"><h4>${side === 'preferred' ? 'Preferred' : 'Rejected'} <span class="fate">${counted(countWords(text), 'word')}</span></h4>${written(html`${parts}`)}</div>`;
}

function written(content: Markup): Markup {
  return html`<p class="written" dir="auto">${content}</p>`;
}
