import type { ConversationTree, TurnNode } from '../../src/conversations/conversation-tree.ts';
import type { EvaluationResult } from '../../src/evaluation/evaluation-result.ts';
import { pairPersona } from '../../src/personas/persona.ts';
import { evaluationOf } from '../evaluation/evaluation-data.ts';
import { playedTree } from '../preferences/trees.ts';
import { HOSTILE_TEXTS } from './hostile-texts.ts';

const everything = HOSTILE_TEXTS.join('\n');
const persona = pairPersona({ id: 'p', facts: [...HOSTILE_TEXTS] }, { id: 'q', traits: [...HOSTILE_TEXTS] });

/** An evaluation in which every text that may come from a model, a user or a file tries something. */
export function hostileEvaluation(): EvaluationResult {
  const plain = evaluationOf([HOSTILE_TEXTS.map((_, index) => 1 + (index % 5))]);
  const [played] = plain.cases;
  return {
    ...plain,
    candidate: { name: everything, model: everything, prompt: { name: everything, sha256: everything } },
    cases: [
      {
        ...played!,
        caseId: everything,
        persona,
        otherCase: everything,
        turns: played!.turns.map((turn, index) => {
          const text = HOSTILE_TEXTS[index]!;
          const vote = { judge: text, score: null, status: 'judge-failed', rationale: text } as const;
          return {
            ...turn,
            user: text,
            response: text,
            revealed: ['F1', 'T2'],
            judgement: {
              score: turn.judgement.score,
              status: 'scored',
              rationale: text,
              items: [{ item: text, met: false }],
              votes: [vote],
            },
            otherJudgement: { score: 1, status: 'scored', rationale: text },
          };
        }),
        costs: {
          probes: HOSTILE_TEXTS.map((text) => ({
            measure: 'sycophancy',
            probe: text,
            user: text,
            response: text,
            byRules: null,
            byJudge: true,
          })),
        },
        failure: { turn: HOSTILE_TEXTS.length, role: everything, code: everything, message: everything },
      },
    ],
  };
}

/** A conversation of the same texts, one turn each. */
export function hostileTree(): ConversationTree {
  const tree = playedTree(
    everything,
    persona.profile,
    persona.personality,
    HOSTILE_TEXTS.map((text) => ({
      user: text,
      revealed: ['F1'],
      preferred: {
        text,
        truncated: false,
        model: text,
        alternatives: [{ text, truncated: true, model: text }],
      },
      rejected: text,
    })),
  );
  return { ...tree, root: judged(tree.root!) };
}

/** Each turn with a verdict of its own message. */
function judged(node: TurnNode): TurnNode {
  const { user: text, preferred } = node;
  return {
    ...node,
    preferred: { ...preferred, ...(preferred.next && { next: judged(preferred.next) }) },
    verdict: {
      winner: 'undecided',
      margin: 0,
      judge: text,
      served: [`${text} today`],
      prompt: text,
      orders: [{ first: 'preferred', picked: null, strength: 0, rationale: text }],
    },
  };
}
