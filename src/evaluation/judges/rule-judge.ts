import type { BenchmarkCase } from '../../benchmark/benchmark-case.ts';
import { InvalidOptionError } from '../../errors.ts';
import { numberStatements } from '../../personas/persona.ts';
import { followsRule } from '../../personas/rules/follows-rule.ts';
import type { CheckedItem, Judge } from '../judge.ts';
import { scoreItems } from './score-items.ts';

/** Goes up whenever a response may get another score. */
const VERSION = 1;

/**
 * A judge without a model: code checks each checkable preference of the persona in the response, and the score is
 * 1 + 4 x the share that is met. Free, instant, the same every time, and deaf to what a response says about itself.
 *
 * Cases whose persona has no checkable preferences are refused before anything is played: `ruleCases` gives them some.
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
  if (!persona.rules?.length) {
    throw new InvalidOptionError('cases', 'personas with checkable preferences, which ruleJudge needs', id, {
      hint: 'Add some with ruleCases(cases), or use a judge that asks a model.',
    });
  }
}

function checkItems({ persona }: BenchmarkCase, response: string): CheckedItem[] {
  const texts = new Map(numberStatements(persona).map(({ id, text }) => [id, text]));
  return (persona.rules ?? []).map((preference) => ({
    item: texts.get(preference.statement) ?? preference.kind,
    met: followsRule(preference, response),
  }));
}
