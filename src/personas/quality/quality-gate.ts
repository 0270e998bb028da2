import { isForeign } from '../languages.ts';
import { findContradiction } from './contradiction.ts';
import { knownStatements } from './copied.ts';
import { findEcho, promptWords } from './echo.ts';
import { ENTRY_FLAWS, type EntryFlaw, type FoundFlaw } from './entry-flaw.ts';
import { findPlaceholder } from './placeholder.ts';
import { plainWords } from './plain-words.ts';
import { findRepetition } from './repetition.ts';

/** Options of {@link qualityGate}. */
export interface QualityGateOptions {
  /** What the generating model is told, without examples. */
  readonly prompt: readonly string[];
  /** BCP 47 tag of the language that entries should be in. */
  readonly language: string;
}

/** Finds flaws in generated entries, by rules. It is conservative: what it is not sure of passes. */
export interface QualityGate {
  /** The first flaw of an entry. Null if it has none: it is then known to the gate. */
  check(statements: readonly string[]): FoundFlaw | null;
  /** Makes statements known without checking them, so that later copies of them are found. */
  know(statements: readonly string[]): void;
}

export function qualityGate({ prompt, language }: QualityGateOptions): QualityGate {
  const told = promptWords(prompt);
  const known = knownStatements();
  const find: Readonly<Record<EntryFlaw, (statements: readonly string[]) => string | null>> = {
    placeholder: findPlaceholder,
    echo: (statements) => findEcho(statements, told),
    copied: (statements) => known.findCopied(statements),
    repetition: findRepetition,
    contradiction: findContradiction,
    language(statements) {
      const text = statements.join(' ');
      return isForeign(text, plainWords(text), language) ? text : null;
    },
  };
  return {
    check(statements) {
      for (const flaw of ENTRY_FLAWS) {
        const evidence = find[flaw](statements);
        if (evidence !== null) return { flaw, evidence };
      }
      known.add(statements);
      return null;
    },
    know: (statements) => known.add(statements),
  };
}
