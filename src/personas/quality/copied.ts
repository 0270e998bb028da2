import { lengthInWords, plainWords } from './plain-words.ts';

/** Words. Any two people may "live alone". */
const TELLING = 3;
/** Two people may share a longer statement too, such as "is married with two children", but hardly most of them. */
const COPIED_SHARE = 0.5;

/** The statements of earlier entries. */
export interface KnownStatements {
  /** The statements that one earlier entry has word for word, if they are most of this one. Null otherwise. */
  findCopied(statements: readonly string[]): string | null;
  add(statements: readonly string[]): void;
}

export function knownStatements(): KnownStatements {
  /** The entries that have a statement, by number. */
  const ownersOf = new Map<string, number[]>();
  let entries = 0;
  return {
    findCopied(statements) {
      const copiedFrom = new Map<number, string[]>();
      for (const statement of statements) {
        if (lengthInWords(plainWords(statement)) < TELLING) continue;
        for (const owner of ownersOf.get(keyOf(statement)) ?? []) {
          copiedFrom.set(owner, [...(copiedFrom.get(owner) ?? []), statement]);
        }
      }
      const most = [...copiedFrom.values()].find(
        (copied) => copied.length > 1 && copied.length > COPIED_SHARE * statements.length,
      );
      return most?.join(' | ') ?? null;
    },
    add(statements) {
      for (const key of new Set(statements.map(keyOf))) {
        ownersOf.set(key, [...(ownersOf.get(key) ?? []), entries]);
      }
      entries += 1;
    },
  };
}

/** "She is 34." and "- Is 34" are the same statement. */
function keyOf(statement: string): string {
  return plainWords(statement)
    .join(' ')
    .replace(/^(?:he|she|they) /, '');
}
