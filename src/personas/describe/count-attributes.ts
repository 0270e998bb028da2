import type { Quotas } from '../pool-data.ts';
import type { PoolEntry } from '../pool-entry.ts';
import { statedAge } from '../stated-age.ts';
import type { AttributeCounts } from './pool-description.ts';

/** Groups of age, in years, as `aloeCaseTags` has them, with what is below and above. */
const AGE_GROUPS: readonly (readonly [name: string, upTo: number])[] = [
  ['under 16', 15],
  ['16-24', 24],
  ['25-34', 34],
  ['35-44', 44],
  ['45-54', 54],
  ['55-64', 64],
  ['65-74', 74],
  ['75-85', 85],
  ['over 85', Infinity],
];
const AGE = 'age';

/** Counts the values of all attributes: of labels, of quotas, and of the age that facts give. */
export function countAttributes(entries: readonly PoolEntry[], quotas: Quotas): AttributeCounts[] {
  const labelled = new Set([
    ...Object.keys(quotas),
    ...entries.flatMap(({ attributes = {} }) => Object.keys(attributes)),
  ]);
  const counts = [...labelled].map((name) => {
    const wanted = quotas[name] ?? {};
    return count(name, Object.keys(wanted), wanted, (entry) => entry.attributes?.[name], entries);
  });
  if (labelled.has(AGE) || !entries.some((entry) => ageGroup(entry) !== undefined)) return counts;
  const groups = AGE_GROUPS.map(([name]) => name).filter(
    (name) => /^\d/.test(name) || entries.some((entry) => ageGroup(entry) === name),
  );
  return [...counts, count(AGE, groups, {}, ageGroup, entries)];
}

function count(
  name: string,
  known: readonly string[],
  quotas: Readonly<Record<string, number>>,
  read: (entry: PoolEntry) => string | undefined,
  entries: readonly PoolEntry[],
): AttributeCounts {
  const found = entries.map(read);
  const values = new Set([...known, ...found.filter((value) => value !== undefined)]);
  return {
    name,
    values: [...values].map((value) => ({
      value,
      count: found.filter((each) => each === value).length,
      quota: quotas[value] ?? null,
    })),
    unlabelled: found.filter((value) => value === undefined).length,
  };
}

function ageGroup({ statements }: PoolEntry): string | undefined {
  const age = statements.map(statedAge).find((found) => found !== undefined);
  return age === undefined ? undefined : AGE_GROUPS.find(([, upTo]) => age <= upTo)![0];
}

/** A value with less than this share of what an even split would give is a gap. */
const THIN = 0.25;

/** What is missing, as sentences. */
export function findGaps(counts: readonly AttributeCounts[]): string[] {
  return counts.flatMap(({ name, values }) => {
    const total = values.reduce((sum, { count }) => sum + count, 0);
    return values.flatMap(({ value, count, quota }) => {
      if (quota !== null) {
        return count < quota ? [`${name} "${value}": ${count} of ${quota} wanted.`] : [];
      }
      if (count === 0) return [`${name} "${value}": none.`];
      const even = total / values.length;
      return count < THIN * even ? [`${name} "${value}": only ${count}, of ${total}.`] : [];
    });
  });
}
