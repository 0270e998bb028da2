import { pairPersona } from '../personas/persona.ts';
import type { BenchmarkCase } from './benchmark-case.ts';
import type { AloeCaseTags, CasePerson } from './cases/case-person.ts';
import { cases001To020 } from './cases/cases-001-020.ts';
import { cases021To040 } from './cases/cases-021-040.ts';
import { cases041To060 } from './cases/cases-041-060.ts';
import { cases061To080 } from './cases/cases-061-080.ts';
import { cases081To100 } from './cases/cases-081-100.ts';

export type { AloeCaseTags } from './cases/case-person.ts';

const people: readonly CasePerson[] = [
  ...cases001To020,
  ...cases021To040,
  ...cases041To060,
  ...cases061To080,
  ...cases081To100,
];

// An id is a place in the list: a person is replaced where they stand, never moved, or old results change meaning.
const caseId = (index: number): string => `aloe-${String(index + 1).padStart(3, '0')}`;

/**
 * The 100 shipped cases of the ALOE benchmark, `aloe-001` to `aloe-100`, always in this order. Every case is a
 * person of its own with 8-10 facts and 8-10 traits; none is among the shipped seeds. Regions and genders
 * alternate, so that a few cases from the start are varied too. `docs/benchmark-card.md` has the balance and the
 * measured similarities.
 */
export function aloeCases(): readonly BenchmarkCase[] {
  return people.map(({ facts, traits }, index) => {
    const id = caseId(index);
    return {
      id,
      persona: pairPersona({ id: `${id}-profile`, facts }, { id: `${id}-personality`, traits }),
    };
  });
}

/** What each shipped case counts as, by case id: for reports by group, never shown to a model. */
export const aloeCaseTags: Readonly<Record<string, AloeCaseTags>> = Object.fromEntries(
  people.map(({ tags }, index) => [caseId(index), tags]),
);
