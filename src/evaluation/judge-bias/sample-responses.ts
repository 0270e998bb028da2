import { childSeed, sample, seededRandom } from '../../internal/random.ts';
import type { Message } from '../../messages.ts';
import type { EvaluatedCase } from '../evaluated-case.ts';
import type { EvaluationResult } from '../evaluation-result.ts';
import { conversationAt } from '../judged-turn.ts';
import { simulationSubject } from '../repeats.ts';
import { isSilent } from '../silent-response.ts';

/** A reply to judge, with what was said before it. */
export interface SampledResponse {
  readonly candidate: string;
  readonly played: EvaluatedCase;
  /** From 1. */
  readonly turn: number;
  /** Names it in call places. */
  readonly subject: string;
  readonly conversation: readonly Message[];
  readonly response: string;
}

/** All replies that say something. An empty one needs no judge. */
export function responsesOf(results: readonly EvaluationResult[]): SampledResponse[] {
  return results.flatMap(({ candidate: { name }, cases }) =>
    cases.flatMap((played) =>
      played.turns.flatMap(({ turn, response }) =>
        isSilent(response)
          ? []
          : {
              candidate: name,
              played,
              turn,
              subject: `${simulationSubject(played.caseId, played.repeat)}/${name}`,
              conversation: conversationAt(played.turns, turn),
              response,
            },
      ),
    ),
  );
}

/**
 * Draws replies by seed, in rounds of one per case, so that cases have equally many. A larger sample holds the smaller one:
 * its verdicts are not paid for again.
 */
export function sampleResponses(
  responses: readonly SampledResponse[],
  count: number,
  seed: number,
): SampledResponse[] {
  const perCase = [...Map.groupBy(responses, ({ played }) => played.caseId)].map(([caseId, own]) =>
    shuffled(own, childSeed(seed, 'judge-bias', 'responses', caseId)),
  );
  const cases = shuffled(perCase, childSeed(seed, 'judge-bias', 'cases'));
  const rounds = Math.max(0, ...cases.map(({ length }) => length));
  return Array.from({ length: rounds }, (_, round) => cases.flatMap((own) => own[round] ?? []))
    .flat()
    .slice(0, count);
}

function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  return sample(items, items.length, seededRandom(seed));
}
