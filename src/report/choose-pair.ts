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

/**
 * The pair that shows best what a preference is: the one whose preferred response takes up most of what the user has revealed
 * and whose rejected response least. Of equal ones the first; null without pairs.
 */
export function choosePair(trees: readonly ConversationTree[]): ShownPair | null {
  let best: { readonly pair: ShownPair; readonly gain: number } | null = null;
  for (const tree of trees) {
    const statements = numberStatements(tree.persona);
    for (const point of decisionPoints(tree)) {
      const { revealed, preferred, rejected } = point.node;
      const known = statements.filter(({ id }) => revealed.includes(id));
      const texts = known.map(({ text }) => text);
      const isLong = preferred.text.length + rejected.text.length > 2 * READABLE;
      const gain =
        countEchoes(preferred.text, texts) - countEchoes(rejected.text, texts) - (isLong ? 1_000 : 0);
      if (best === null || gain > best.gain) best = { pair: { ...point, tree, known }, gain };
    }
  }
  return best?.pair ?? null;
}

function countEchoes(text: string, statements: readonly string[]): number {
  const echoes = splitEchoes(text, statements).filter(({ isEcho }) => isEcho);
  return new Set(echoes.map((part) => part.text.toLowerCase())).size;
}
