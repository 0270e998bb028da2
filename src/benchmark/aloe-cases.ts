import { checkKnownOptions } from '../internal/option-checks.ts';
import { checkNumber } from '../internal/options.ts';
import { sample, seededRandom } from '../internal/random.ts';
import { pairPersona } from '../personas/persona.ts';
import type { BenchmarkCase } from './benchmark-case.ts';
import type { CaseEntry } from './case-file.ts';
import type { AloeCaseTags } from './case-tags.ts';
import file from './cases.json' with { type: 'json' };

export type { AloeCaseTags } from './case-tags.ts';

/** Options of {@link aloeCases}. */
export interface AloeCasesOptions {
  /** How many cases, from 1 to 100. Default: all of them. */
  readonly count?: number | undefined;
  /**
   * Draws the cases at random; the same seed draws the same cases in the same order. A whole number from 0. Default:
   * not drawn, but the first `count` in order.
   */
  readonly seed?: number | undefined;
}

// To TypeScript the tags in the file are plain strings. A test checks the file against `caseFileSchema`.
const entries = file.cases as readonly CaseEntry[];

/**
 * The 100 shipped cases of the ALOE benchmark, `aloe-001` to `aloe-100`. Every case is a person of its own with 8-10
 * facts and 8-10 traits; none is among the shipped seeds. Regions and genders alternate, so the first few cases are
 * varied too. `docs/benchmark-card.md` has the balance and the measured similarities.
 *
 * @example
 * ```ts
 * aloeCases(); // all 100
 * aloeCases({ count: 20 }); // aloe-001 to aloe-020
 * aloeCases({ count: 20, seed: 7 }); // 20 of the 100, drawn at random
 * ```
 *
 * @throws InvalidOptionError for an option out of range, such as more cases than there are.
 */
export function aloeCases(options: AloeCasesOptions = {}): readonly BenchmarkCase[] {
  checkKnownOptions<AloeCasesOptions>('aloeCases()', options, { count: true, seed: true });
  const count = checkNumber('count', options.count ?? entries.length, {
    min: 1,
    max: entries.length,
    integer: true,
  });
  const cases = entries.map(({ id, facts, traits }) => ({
    id,
    persona: pairPersona({ id: `${id}-profile`, facts }, { id: `${id}-personality`, traits }),
  }));
  if (options.seed === undefined) return cases.slice(0, count);
  const seed = checkNumber('seed', options.seed, { min: 0, integer: true });
  return sample(cases, count, seededRandom(seed));
}

/** The groups that each shipped case belongs to, by case id. Use them to report by group; no model sees them. */
export const aloeCaseTags: Readonly<Record<string, AloeCaseTags>> = Object.fromEntries(
  entries.map(({ id, tags }) => [id, tags]),
);
