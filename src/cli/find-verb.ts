import { InvalidOptionError } from '../errors.ts';
import { nearest } from '../internal/nearest.ts';
import { ALOE, type VerbEntry, type VerbGroup } from './verb-table.ts';

/** Where the first words of a command line lead. */
export interface FoundVerb {
  /** Without `aloe`: `train submit`. Empty for `aloe` itself. */
  readonly path: readonly string[];
  /** A group if no word names one of its commands. */
  readonly entry: VerbEntry | VerbGroup;
  /** The words that follow. */
  readonly rest: readonly string[];
}

/**
 * Follows words to a command, or to `help` in a group. Words after a flag belong to the command, as values of its flags or as arguments.
 *
 * @throws InvalidOptionError for an unknown command, naming the most similar one.
 */
export function findVerb(words: readonly string[]): FoundVerb {
  let entry: VerbEntry | VerbGroup = ALOE;
  const path: string[] = [];
  for (const word of words) {
    if (!('verbs' in entry) || word === 'help' || word.startsWith('-')) break;
    if (!Object.hasOwn(entry.verbs, word)) throw unknownVerb(word, entry, path);
    entry = entry.verbs[word]!;
    path.push(word);
  }
  return { path, entry, rest: words.slice(path.length) };
}

function unknownVerb(word: string, { verbs }: VerbGroup, path: readonly string[]): InvalidOptionError {
  const known = Object.keys(verbs);
  const similar = nearest(word, known, Math.ceil(word.length / 2));
  const meant = similar === undefined ? commandOf(word) : [...path, similar].join(' ');
  const given = ['aloe', ...path].join(' ');
  return new InvalidOptionError(`Unknown command ${[...path, word].join(' ')}.`, {
    hint:
      meant === undefined ? `The commands of ${given} are ${known.join(', ')}.` : `Did you mean "${meant}"?`,
  });
}

/** A command of a group that is typed without it: `train submit` for `submit`. */
function commandOf(word: string): string | undefined {
  for (const [group, entry] of Object.entries(ALOE.verbs)) {
    if ('verbs' in entry && Object.hasOwn(entry.verbs, word)) return `${group} ${word}`;
  }
  return undefined;
}
