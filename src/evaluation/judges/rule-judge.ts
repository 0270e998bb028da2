import type { CaseAtTurn } from '../../benchmark/benchmark-case.ts';
import { InvalidOptionError } from '../../errors.ts';
import { numberStatements } from '../../personas/persona.ts';
import { followsRule } from '../../personas/rules/follows-rule.ts';
import type { CheckedItem, Judge } from '../judge.ts';
import { isSilent, silentJudgement } from '../silent-response.ts';
import { scoreItems } from './score-items.ts';

/** Increment whenever a response may get a different score. */
const VERSION = 2;

/**
 * A judge without a model: code checks each of the persona's rules against the response. The score is
 * 1 + 4 x the share that is met. It is free, instant and deterministic, and a response cannot talk it into a score.
 *
 * Cases whose persona has no rules are refused before anything is played; `ruleCases` adds some.
 *
 * @example
 * ```ts
 * import { AloeEvaluator, aloeCases } from 'aloe-align';
 * import { ruleCases, ruleJudge } from 'aloe-align/rules';
 *
 * const cases = ruleCases(aloeCases(), { seed: 7 });
 * const evaluator = new AloeEvaluator({ run, user: gpt, judge: ruleJudge(), cases });
 * ```
 */
export function ruleJudge(): Judge {
  return {
    id: `rule@${VERSION}`,
    checkCase,
    async judge({ case: benchmarkCase, response }, { signal } = {}) {
      signal?.throwIfAborted();
      checkCase(benchmarkCase);
      if (isSilent(response)) return silentJudgement();
      return scoreItems(checkItems(benchmarkCase, response));
    },
  };
}

/** @throws InvalidOptionError if the persona has no rules. */
function checkCase({ id, persona }: CaseAtTurn): void {
  if (!persona.rules?.length) {
    throw new InvalidOptionError('cases', 'personas with rules, which ruleJudge needs', id, {
      hint: 'Add some with ruleCases(cases), or use a judge that asks a model.',
    });
  }
}

function checkItems({ persona }: CaseAtTurn, response: string): CheckedItem[] {
  const texts = new Map(numberStatements(persona).map(({ id, text }) => [id, text]));
  return (persona.rules ?? []).map((rule) => ({
    item: texts.get(rule.statement) ?? rule.kind,
    met: followsRule(rule, response),
  }));
}
