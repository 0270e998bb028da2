import {
  type ConversationTree,
  type DecisionPoint,
  decisionPoints,
} from '../conversations/conversation-tree.ts';
import { numberStatements, type Statement } from '../personas/persona.ts';
import { splitEchoes } from './echoes.ts';

/** A decision point with what its user had revealed. */
export interface ShownPair extends DecisionPoint {
  readonly tree: ConversationTree;
  readonly known: readonly Statement[];
}

/** Long responses hide what an example is to show. */
const READABLE = 900;
/** Pairs that are looked at: enough to find a good one, and a large corpus holds nobody up. */
const CONSIDERED = 500;

/**
 * The pair that shows best what a preference is: the one whose preferred response takes up most of what the user has revealed
 * and whose rejected response least. One that a judge does not confirm is the last choice. Null without pairs. Of a large
 * corpus, only the first pairs are looked at.
 */
export function choosePair(trees: readonly ConversationTree[]): ShownPair | null {
  let best: { readonly pair: ShownPair; readonly gain: number } | null = null;
  let considered = 0;
  for (const tree of trees) {
    if (considered >= CONSIDERED) break;
    const statements = numberStatements(tree.persona);
    for (const point of decisionPoints(tree)) {
      considered += 1;
      const { revealed, preferred, rejected, verdict } = point.node;
      const known = statements.filter(({ id }) => revealed.includes(id));
      const texts = known.map(({ text }) => text);
      const isLong = preferred.text.length + rejected.text.length > 2 * READABLE;
      const echoes = countEchoes(preferred.text, texts) - countEchoes(rejected.text, texts);
      const isDoubted = verdict !== undefined && verdict.winner !== 'preferred';
      // Of equal ones, one that rests on more.
      const gain = echoes + known.length / 100 - (isLong ? 1_000 : 0) - (isDoubted ? 2_000 : 0);
      if (best === null || gain > best.gain) best = { pair: { ...point, tree, known }, gain };
    }
  }
  return best?.pair ?? null;
}

function countEchoes(text: string, statements: readonly string[]): number {
  const echoes = splitEchoes(text, statements).filter(({ isEcho }) => isEcho);
  return new Set(echoes.map((part) => part.text.toLowerCase())).size;
}
