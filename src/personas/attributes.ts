import { InvalidOptionError } from '../errors.ts';
import { type Random, sample } from '../internal/random.ts';
import type { PoolKind, Quotas } from './pool-data.ts';
import type { PoolEntry } from './pool-entry.ts';
import { plainWords } from './quality/plain-words.ts';

/**
 * What a pool should be balanced by: names and values of your own. A list of values wants as many entries of each; an object
 * gives each value its share: `{ region: ['Africa', 'Asia'], 'age group': { '16-29': 1, '30-59': 2 } }`.
 */
export type Attributes = Readonly<Record<string, readonly string[] | Readonly<Record<string, number>>>>;

/** Words. A longer value could be taken for a statement. */
const MOST_WORDS = 5;
/** Stands after a value in the prompt. A model may copy it. */
const COUNT = / ?\(\d{1,4}\)$/;

/**
 * The wanted number of entries of each value, for a pool of `target` entries. Seeds without a label can fill no quota, and are
 * not counted.
 *
 * @throws InvalidOptionError naming the attribute that is wrong.
 */
export function quotasOf(
  attributes: Attributes,
  target: number,
  option: string,
  seeds: readonly Pick<PoolEntry, 'attributes'>[] = [],
): Quotas {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, given]) => {
      const shares: Readonly<Record<string, number>> = Array.isArray(given)
        ? Object.fromEntries(given.map((value) => [value, 1]))
        : (given as Readonly<Record<string, number>>);
      check(`${option}.${name}`, name, shares, given);
      const unlabelled = seeds
        .slice(0, target)
        .filter((seed) => !Object.hasOwn(shares, seed.attributes?.[name] ?? ''));
      return [name, apportion(shares, target - unlabelled.length)];
    }),
  );
}

function check(option: string, name: string, shares: Readonly<Record<string, number>>, given: unknown): void {
  if (plainWords(name).length === 0) throw new InvalidOptionError(option, 'a name with letters', name);
  const values = typeof shares === 'object' && shares !== null ? Object.entries(shares) : [];
  const isList = values.length >= 2 && (!Array.isArray(given) || values.length === given.length);
  const total = values.reduce((sum, [, share]) => sum + share, 0);
  if (!isList || !values.every(([, share]) => share >= 0) || !(total > 0) || !Number.isFinite(total)) {
    throw new InvalidOptionError(option, 'two or more different values, or values with their shares', given);
  }
  for (const [value] of values) {
    const words = plainWords(value).length;
    if (words === 0 || words > MOST_WORDS) {
      throw new InvalidOptionError(option, `values of 1 to ${MOST_WORDS} words`, value);
    }
  }
}

/**
 * Divides `total` by shares, in whole numbers that add up to it. The largest remainders are rounded up. Shares that are
 * all 0 count as equal.
 *
 * @param random Draws which of several equal remainders are rounded up. Default: the first ones.
 */
export function apportion(
  shares: Readonly<Record<string, number>>,
  total: number,
  random?: Random,
): Record<string, number> {
  const sum = Object.values(shares).reduce((all, share) => all + share, 0);
  const given = Object.entries(shares);
  const exact = given.map(([value, share]) => {
    const own = (sum === 0 ? 1 / given.length : share / sum) * total;
    return { value, whole: Math.floor(own), rest: own % 1 };
  });
  let missing = total - exact.reduce((all, { whole }) => all + whole, 0);
  const up = new Set<string>();
  const inOrder = random === undefined ? exact : sample(exact, exact.length, random);
  for (const { value } of inOrder.toSorted((one, other) => other.rest - one.rest)) {
    if (missing <= 0) break;
    up.add(value);
    missing -= 1;
  }
  return Object.fromEntries(exact.map(({ value, whole }) => [value, whole + (up.has(value) ? 1 : 0)]));
}

/** How many entries of each value are still missing. 0 for values that have enough. */
export function missingOf(quotas: Quotas, entries: readonly Pick<PoolEntry, 'attributes'>[]): Quotas {
  return Object.fromEntries(
    Object.entries(quotas).map(([name, wanted]) => {
      const have = (value: string) => entries.filter(({ attributes }) => attributes?.[name] === value).length;
      return [
        name,
        Object.fromEntries(
          Object.entries(wanted).map(([value, quota]) => [value, Math.max(0, quota - have(value))]),
        ),
      ];
    }),
  );
}

/** New entries in another order: those first that fill most of what is missing, so that a full pool leaves the others out. */
export function missingFirst(
  generated: readonly PoolEntry[],
  quotas: Quotas,
  entries: readonly PoolEntry[],
): PoolEntry[] {
  const missing = Object.entries(missingOf(quotas, entries)).map(([name, left]) => ({
    name,
    left: { ...left },
  }));
  const filledBy = ({ attributes }: PoolEntry) =>
    missing.filter(({ name, left }) => (left[attributes?.[name] ?? ''] ?? 0) > 0);
  const rest = [...generated];
  return generated.map(() => {
    const filled = rest.map((entry) => filledBy(entry).length);
    const [next] = rest.splice(filled.indexOf(Math.max(...filled)), 1);
    for (const { name, left } of filledBy(next!)) left[next!.attributes![name]!]! -= 1;
    return next!;
  });
}

/** Takes the labels out of a reply's statements: "Age group: 16-29". Others than the wanted ones stay statements. */
export function takeLabels(
  statements: readonly string[],
  quotas: Quotas,
): Pick<PoolEntry, 'statements' | 'attributes'> {
  const attributes: Record<string, string> = {};
  const rest = statements.filter((statement) => {
    const label = labelIn(statement, quotas);
    if (label === undefined) return true;
    attributes[label.name] ??= label.value;
    return false;
  });
  return { statements: rest, attributes };
}

function labelIn(statement: string, quotas: Quotas): { name: string; value: string } | undefined {
  const said = [statement, statement.replace(COUNT, '')].map((text) => plainWords(text).join(' '));
  for (const [name, wanted] of Object.entries(quotas)) {
    const value = Object.keys(wanted).find((each) => said.includes(plainWords(`${name} ${each}`).join(' ')));
    if (value !== undefined) return { name, value };
  }
  return undefined;
}

/** Quotas of both kinds. Undefined if there are none. */
export function quotasOfBoth(
  attributes: Readonly<Partial<Record<PoolKind, Attributes | undefined>>> | undefined,
  targets: Readonly<Record<PoolKind, number>>,
  seeds: Readonly<Record<PoolKind, readonly PoolEntry[]>>,
): Readonly<Record<PoolKind, Quotas>> | undefined {
  if (attributes === undefined) return undefined;
  const of = (kind: PoolKind) =>
    quotasOf(attributes[kind] ?? {}, targets[kind], `attributes.${kind}`, seeds[kind]);
  return { profiles: of('profiles'), personalities: of('personalities') };
}
