import { personaAt, situationAt, turnsOfChange } from '../benchmark/benchmark-case.ts';
import type { ConversationTree } from '../conversations/conversation-tree.ts';
import type { EvaluatedCase } from '../evaluation/evaluated-case.ts';
import type { EvaluationResult } from '../evaluation/evaluation-result.ts';
import { describeLockDifferences } from '../evaluation/lock-differences.ts';
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
    differences: evaluations.flatMap(({ lock }, first) =>
      evaluations.slice(first + 1).flatMap((other, index) => {
        const notes = describeLockDifferences(lock, other.lock);
        return notes.length === 0 ? [] : [{ first, second: first + 1 + index, notes }];
      }),
    ),
    played: evaluations.flatMap(({ cases, lock: { turns: asked } }, candidate) =>
      cases.map((own) => ({
        candidate,
        caseId: own.caseId,
        repeat: own.repeat,
        persona: placeOf(personaAt(own, 1)),
        changes: turnsOfChange(own)
          .slice(1)
          .map((turn) => ({ turn, persona: placeOf(personaAt(own, turn)), note: changeNote(own, turn) })),
        otherCase: own.otherCase,
        turns: own.turns,
        probes: own.costs?.probes ?? [],
        asked,
        failure: own.failure,
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

function changeNote(own: EvaluatedCase, turn: number): string {
  const situation = situationAt(own, turn);
  return turn === own.drift?.turn || situation === undefined
    ? 'The user changes here.'
    : `The situation changes here: ${situation.text}.`;
}
