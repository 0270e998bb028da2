import type { BenchmarkCase } from '../../benchmark/benchmark-case.ts';
import { InvalidOptionError } from '../../errors.ts';
import { checkPreference } from '../../personas/checkable/check-preference.ts';
import { numberTraits } from '../../personas/persona.ts';
import type { CheckedItem, Judge } from '../judge.ts';
import { scoreItems } from './score-items.ts';

/** Goes up whenever a response may get another score. */
const VERSION = 1;

/**
 * A judge without a model: code checks each checkable preference of the persona in the response, and the score is
 * 1 + 4 x the share that is met. Free, instant, the same every time, and deaf to what a response says about itself.
 *
 * Cases whose persona has no checkable preferences are refused before anything is played: `checkableCases` gives them some.
 */
export function ruleJudge(): Judge {
  return {
    id: `rule@${VERSION}`,
    checkCase,
    async judge({ case: benchmarkCase, response }, { signal } = {}) {
      signal?.throwIfAborted();
      checkCase(benchmarkCase);
      if (response.trim() === '') return { score: null, status: 'no-response' };
      return scoreItems(checkItems(benchmarkCase, response));
    },
  };
}

/** @throws InvalidOptionError for a persona without checkable preferences. */
function checkCase({ id, persona }: BenchmarkCase): void {
  if (!persona.preferences?.length) {
    throw new InvalidOptionError('cases', 'personas with checkable preferences, as a ruleJudge needs', id, {
      hint: 'Draw some with checkableCases(cases), or take a judge that asks a model.',
    });
  }
}

function checkItems({ persona }: BenchmarkCase, response: string): CheckedItem[] {
  const texts = new Map(numberTraits(persona).map(({ id, text }) => [id, text]));
  return (persona.preferences ?? []).map((preference) => ({
    item: texts.get(preference.trait) ?? preference.kind,
    met: checkPreference(preference, response),
  }));
}
