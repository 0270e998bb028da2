import type { ConversationTree } from '../conversations/conversation-tree.ts';
import type { EvaluationResult } from '../evaluation/evaluation-result.ts';
import { canonicalJson } from '../internal/hash.ts';
import { numberStatements, type Persona, type Statement } from '../personas/persona.ts';
import type { PageData } from './page-data.ts';

/** Collects the conversations of a report in the form its page reads. */
export function collectConversations(
  evaluations: readonly EvaluationResult[],
  trees: readonly ConversationTree[],
): PageData {
  const personas: Statement[][] = [];
  const places = new Map<string, number>();
  function placeOf(persona: Persona): number {
    const key = canonicalJson(persona);
    const known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, personas.length);
    return personas.push(numberStatements(persona)) - 1;
  }
  return {
    personas,
    candidates: evaluations.map(({ candidate }) => candidate.name),
    played: evaluations.flatMap(({ cases, lock: { turns: asked } }, candidate) =>
      cases.map(({ caseId, repeat, persona, drift, otherCase, turns, costs, failure }) => ({
        candidate,
        caseId,
        repeat,
        persona: placeOf(persona),
        drift: drift && { turn: drift.turn, persona: placeOf(drift.persona) },
        otherCase,
        turns,
        probes: costs?.probes ?? [],
        asked,
        failure,
      })),
    ),
    trees: trees.map(({ id, persona, root, failures }) => ({
      id,
      persona: placeOf(persona),
      root,
      failures,
    })),
  };
}
