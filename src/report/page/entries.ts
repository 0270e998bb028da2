import type { TurnNode } from '../../conversations/conversation-tree.ts';
import { simulationName } from '../../evaluation/repeats.ts';
import type { PageData, PlayedConversation, TreeConversation } from '../page-data.ts';

/** The facts about one turn that filters use. */
export interface TurnFacts {
  readonly turn: number;
  readonly score: number | null;
  /** Null in a corpus, which is not judged. */
  readonly status: string | null;
  /** All text of the turn, in lower case. */
  readonly words: () => string;
}

/** A conversation as handled by list, filters and reader. */
export type Entry = {
  /** From 0, as in the page's address. */
  readonly index: number;
  /** Case or conversation. */
  readonly name: string;
  /** Candidate, or what a corpus is called. */
  readonly source: string;
  readonly turns: readonly TurnFacts[];
} & (
  | { readonly kind: 'played'; readonly conversation: PlayedConversation }
  | { readonly kind: 'tree'; readonly conversation: TreeConversation }
);

const CORPUS = 'Corpus';

export function listEntries({ candidates, played, trees }: PageData): Entry[] {
  return [
    ...played.map(
      (conversation, index): Entry => ({
        kind: 'played',
        index,
        name: simulationName(conversation),
        source: candidates[conversation.candidate] ?? '',
        turns: playedTurns(conversation),
        conversation,
      }),
    ),
    ...trees.map(
      (conversation, index): Entry => ({
        kind: 'tree',
        index: played.length + index,
        name: conversation.id,
        source: CORPUS,
        turns: treeTurns(conversation),
        conversation,
      }),
    ),
  ];
}

function playedTurns({ turns, asked, failure }: PlayedConversation): TurnFacts[] {
  const reached = turns.map(
    ({ turn, user, response, judgement }): TurnFacts => ({
      turn,
      score: judgement.score,
      status: judgement.status,
      words: lowerCase(() => [user, response, judgement.rationale ?? '']),
    }),
  );
  const missing = Array.from({ length: asked - turns.length }, (_, index): TurnFacts => {
    const words = lowerCase(() => [index === 0 ? (failure?.message ?? '') : '']);
    return { turn: turns.length + 1 + index, score: null, status: 'not-reached', words };
  });
  return [...reached, ...missing];
}

function treeTurns({ root, failures }: TreeConversation): TurnFacts[] {
  const facts: TurnFacts[] = [];
  const walk = (node: TurnNode): void => {
    const { turn, user, preferred, rejected } = node;
    const words = lowerCase(() => [user, preferred.text, rejected.text]);
    facts.push({ turn, score: null, status: null, words });
    for (const { next } of [preferred, rejected]) if (next !== undefined) walk(next);
  };
  if (root !== null) walk(root);
  for (const { turn, message } of failures) {
    facts.push({ turn, score: null, status: null, words: lowerCase(() => [message]) });
  }
  return facts;
}

/** Computed on the first search and cached, since most readers never search. */
function lowerCase(texts: () => readonly string[]): () => string {
  let words: string | undefined;
  return () => (words ??= texts().join('\n').toLowerCase());
}
