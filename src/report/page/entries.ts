import type { PairWinner } from '../../conversations/pair-verdict.ts';
import { turnNodes } from '../../conversations/turn-nodes.ts';
import { simulationName } from '../../evaluation/repeats.ts';
import type { Statement } from '../../personas/persona.ts';
import type { PageData, PlayedConversation, TreeConversation } from '../page-data.ts';

/** The facts about one turn that filters use. */
export interface TurnFacts {
  readonly turn: number;
  readonly score: number | null;
  /** Null in a corpus, which is not scored. */
  readonly status: string | null;
  /** What a judge said of the two responses. Absent if none was asked. */
  readonly verdict?: PairWinner | undefined;
  /** Whether a check found something wrong with the user's message or its drafts. */
  readonly userProblem: boolean;
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
  /** The first fact of the user's profile, which stands for the profile. */
  readonly profile: string;
  /** The user's persona, in lower case. */
  readonly personaWords: () => string;
  readonly turns: readonly TurnFacts[];
} & (
  | { readonly kind: 'played'; readonly conversation: PlayedConversation }
  | { readonly kind: 'tree'; readonly conversation: TreeConversation }
);

/** What a corpus is called among the candidates. */
export const CORPUS = 'Corpus';

export function listEntries({ candidates, played, trees, personas }: PageData): Entry[] {
  const wordsOf = personas.map((statements) => lowerCase(() => statements.map(({ text }) => text)));
  const shared = ({ persona }: { readonly persona: number }) => ({
    profile: firstFact(personas[persona]),
    personaWords: wordsOf[persona] ?? (() => ''),
  });
  return [
    ...played.map(
      (conversation, index): Entry => ({
        kind: 'played',
        index,
        name: simulationName(conversation),
        source: candidates[conversation.candidate] ?? '',
        ...shared(conversation),
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
        ...shared(conversation),
        turns: treeTurns(conversation),
        conversation,
      }),
    ),
  ];
}

function firstFact(statements: readonly Statement[] = []): string {
  return statements[0]?.text ?? '';
}

function playedTurns({ turns, asked, failure }: PlayedConversation): TurnFacts[] {
  const reached = turns.map(
    ({ turn, user, checks, response, judgement }): TurnFacts => ({
      turn,
      score: judgement.score,
      status: judgement.status,
      userProblem: checks !== undefined,
      words: lowerCase(() => [user, response, judgement.rationale ?? '']),
    }),
  );
  const missing = Array.from({ length: asked - turns.length }, (_, index): TurnFacts => {
    const isEnd = index === 0;
    return {
      turn: turns.length + 1 + index,
      score: null,
      status: 'not-reached',
      userProblem: isEnd && failure?.role === 'user',
      words: lowerCase(() => [isEnd ? (failure?.message ?? '') : '']),
    };
  });
  return [...reached, ...missing];
}

function treeTurns({ root, failures }: TreeConversation): TurnFacts[] {
  const facts: TurnFacts[] = [];
  const unjudged = { score: null, status: null };
  for (const { turn, user, checks, preferred, rejected, verdict } of turnNodes(root)) {
    const words = lowerCase(() => [
      user,
      ...[preferred, rejected].flatMap(({ text, alternatives = [] }) => [
        text,
        ...alternatives.map((each) => each.text),
      ]),
      ...(verdict?.orders.map(({ rationale = '' }) => rationale) ?? []),
    ]);
    facts.push({ turn, ...unjudged, verdict: verdict?.winner, userProblem: checks !== undefined, words });
  }
  for (const { turn, role, message } of failures) {
    const userProblem = role === 'role-player';
    facts.push({ turn, ...unjudged, userProblem, words: lowerCase(() => [message]) });
  }
  return facts;
}

/** Computed on the first search and cached, since most readers never search. */
function lowerCase(texts: () => readonly string[]): () => string {
  let words: string | undefined;
  return () => (words ??= texts().join('\n').toLowerCase());
}
