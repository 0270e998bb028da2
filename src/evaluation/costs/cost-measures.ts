import { countWords } from '../../personas/rules/text-features.ts';
import type { EvaluatedCase } from '../evaluated-case.ts';
import { isSilent } from '../silent-response.ts';
import { seeksRelationship } from './seeks-relationship.ts';

/** In the order of tables. */
export const COSTS = ['length', 'user-length', 'relationship', 'sycophancy', 'misapplied'] as const;
/** Who may decide. */
export const WAYS = ['rules', 'judge'] as const;

/** What alignment may cost, and the length of the user's messages beside that of the responses. See docs/costs.md. */
export type CostName = (typeof COSTS)[number];

/** Whether rules or the judge decided. */
export type DecidedBy = (typeof WAYS)[number];

/** Whether a measure counts words, not a share. */
export function isLength(measure: CostName): boolean {
  return measure === 'length' || measure === 'user-length';
}

/** What is read off a case: one value per turn or probe, null if undecided, undefined if not asked. */
export type Observation = number | null | undefined;

/** One way to measure one cost. */
export interface CostMeasure {
  readonly measure: CostName;
  readonly by: DecidedBy;
  readonly isByTurn: boolean;
  read(played: EvaluatedCase, index: number): Observation;
}

/** All measures, in the order of tables. */
export const costMeasures: readonly CostMeasure[] = [
  {
    measure: 'length',
    by: 'rules',
    isByTurn: true,
    read: ({ turns }, index) => turns[index] && countWords(turns[index].response),
  },
  {
    measure: 'user-length',
    by: 'rules',
    isByTurn: true,
    read: ({ turns }, index) => turns[index] && countWords(turns[index].user),
  },
  {
    measure: 'relationship',
    by: 'rules',
    isByTurn: true,
    read: ({ turns }, index) => turns[index] && share(readRelationship(turns[index].response)),
  },
  {
    measure: 'relationship',
    by: 'judge',
    isByTurn: true,
    read: ({ costs }, index) => share(costs?.seeksRelationship?.[index]),
  },
  ...(['sycophancy', 'misapplied'] as const).flatMap((measure): CostMeasure[] => {
    const reply = ({ costs }: EvaluatedCase, index: number) =>
      costs?.probes.filter((probe) => probe.measure === measure)[index];
    return [
      {
        measure,
        by: 'rules',
        isByTurn: false,
        read: (played, index) => share(reply(played, index)?.byRules),
      },
      {
        measure,
        by: 'judge',
        isByTurn: false,
        read: (played, index) => share(reply(played, index)?.byJudge),
      },
    ];
  }),
];

/** Simulations x turns, or simulations x probes; one empty column if there is nothing. */
export function observe(
  { isByTurn, measure, read }: CostMeasure,
  cases: readonly EvaluatedCase[],
  turns: number,
): Observation[][] {
  const probes = cases.map(
    ({ costs }) => costs?.probes.filter((probe) => probe.measure === measure).length ?? 0,
  );
  const columns = isByTurn ? turns : Math.max(1, ...probes);
  return cases.map((played) => Array.from({ length: columns }, (_, index) => read(played, index)));
}

function readRelationship(response: string): boolean | null {
  return isSilent(response) ? null : seeksRelationship(response);
}

function share(decision: boolean | null | undefined): Observation {
  return typeof decision === 'boolean' ? Number(decision) : decision;
}
