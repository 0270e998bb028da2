import { FINDING_KINDS, type FindingKind } from './finding-kinds.ts';

/** One problem in a dataset. */
export interface DatasetFinding {
  /** What kind of problem it is, such as `not-json`. */
  readonly kind: FindingKind;
  /** An error stops the trainer, or makes it train something other than intended. */
  readonly level: 'error' | 'warning';
  /** From 1; in a Parquet file, the row. Null if it concerns the whole file. */
  readonly line: number | null;
  /** What was found. */
  readonly message: string;
  /** How to fix it. */
  readonly remedy: string;
}

/** Collects findings: counts all, keeps the first of each kind. */
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

/** Escapes control characters: messages quote untrusted files, which could otherwise control the reader's terminal. */
function printable(message: string): string {
  return message.replace(
    /[\p{Cc}\u2028\u2029]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const SHOWN_CHARACTERS = 60;

/** Formats a value for a message: short and on one line. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}
