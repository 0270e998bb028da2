import { personaAt, situationAt, turnsOfChange } from '../benchmark/benchmark-case.ts';
import type { ConversationTree } from '../conversations/conversation-tree.ts';
import type { EvaluatedCase } from '../evaluation/evaluated-case.ts';
import type { EvaluationResult } from '../evaluation/evaluation-result.ts';
import { describeLockDifferences } from '../evaluation/lock-differences.ts';
import { canonicalJson } from '../internal/hash.ts';
import { numberStatements, type Persona, type Statement } from '../personas/persona.ts';
import type { PageData, PlayedConversation, TreeConversation } from './page-data.ts';

/** Collects the conversations of a report in the form its page reads. */
export function collectConversations(
  evaluations: readonly EvaluationResult[],
  trees: readonly ConversationTree[],
): PageData {
  const { personas, placeOf } = collectPersonas();
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
      cases.map((own) => playedConversation(own, { candidate, asked, placeOf })),
    ),
    trees: trees.map((tree) => treeConversation(tree, placeOf)),
  };
}

/** Personas by their place, each once. */
export interface CollectedPersonas {
  readonly personas: readonly (readonly Statement[])[];
  placeOf(persona: Persona): number;
}

/** No personas yet. */
export function collectPersonas(): CollectedPersonas {
  const personas: Statement[][] = [];
  const places = new Map<string, number>();
  return {
    personas,
    placeOf(persona) {
      const key = canonicalJson(persona);
      const known = places.get(key);
      if (known !== undefined) return known;
      places.set(key, personas.length);
      return personas.push(numberStatements(persona)) - 1;
    },
  };
}

/** A conversation of a corpus in the form that pages read. */
export function treeConversation(
  { id, persona, root, failures, provenance }: ConversationTree,
  placeOf: CollectedPersonas['placeOf'],
): TreeConversation {
  const { preferred, rejected } = provenance.models;
  return { id, persona: placeOf(persona), models: { preferred, rejected }, root, failures };
}

/** A played case in the form that pages read. */
export function playedConversation(
  own: EvaluatedCase,
  {
    candidate,
    asked,
    placeOf,
  }: Pick<PlayedConversation, 'candidate' | 'asked'> & Pick<CollectedPersonas, 'placeOf'>,
): PlayedConversation {
  return {
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
  };
}

function changeNote(own: EvaluatedCase, turn: number): string {
  const situation = situationAt(own, turn);
  return turn === own.drift?.turn || situation === undefined
    ? 'The user changes here.'
    : `The situation changes here: ${situation.text}.`;
}
