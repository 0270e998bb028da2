import { lengthInWords, plainWords } from './plain-words.ts';

/** Words. Any two people may "live alone". */
const TELLING = 3;
/** Two people may also share a longer statement, such as "is married with two children", but hardly most of them. */
const COPIED_SHARE = 0.5;

/** The statements of earlier entries. */
export interface KnownStatements {
  /** The statements of an entry that earlier entries have word for word, if they are most of it. Null otherwise. */
  findCopied(statements: readonly string[]): string | null;
  add(statements: readonly string[]): void;
}

export function knownStatements(): KnownStatements {
  const known = new Set<string>();
  return {
    findCopied(statements) {
      const copied = statements.filter(
        (statement) => known.has(keyOf(statement)) && lengthInWords(plainWords(statement)) >= TELLING,
      );
      const isCopy = copied.length > 1 && copied.length > COPIED_SHARE * statements.length;
      return isCopy ? copied.join(' | ') : null;
    },
    add(statements) {
      for (const statement of statements) known.add(keyOf(statement));
    },
  };
}

/** "She is 34." and "- Is 34" are the same statement. */
function keyOf(statement: string): string {
  return plainWords(statement)
    .join(' ')
    .replace(/^(?:he|she|they) /, '');
}
