import { FINDING_KINDS, type FindingKind } from './finding-kinds.ts';

/** One thing that is wrong with a dataset. */
export interface DatasetFinding {
  readonly kind: FindingKind;
  readonly level: 'error' | 'warning';
  /** From 1; in a Parquet file the row. Null where it is about the whole file. */
  readonly line: number | null;
  /** What was seen. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** Takes findings as they are made: counts them all, keeps the first of each kind. */
export interface Findings {
  add(kind: FindingKind, line: number | null, message: string): void;
  readonly counts: ReadonlyMap<FindingKind, number>;
  readonly kept: readonly DatasetFinding[];
}

export function collectFindings(maxPerKind: number): Findings {
  const counts = new Map<FindingKind, number>();
  const kept: DatasetFinding[] = [];
  return {
    counts,
    kept,
    add(kind, line, message) {
      const count = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, count);
      if (count <= maxPerKind) kept.push({ kind, ...FINDING_KINDS[kind], line, message: printable(message) });
    },
  };
}

/** A file may hold what moves the cursor of a terminal; its own words come with errors of JSON and names of columns. */
function printable(message: string): string {
  return message.replace(
    /[\p{Cc}\u2028\u2029]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const SHOWN_CHARACTERS = 60;

/** A value as a message quotes it: short, on one line. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}
