import { german } from './de.ts';
import { english } from './en.ts';
import { spanish } from './es.ts';
import { french } from './fr.ts';
import type { LanguagePhrases } from './language-phrases.ts';
import { chinese } from './zh.ts';

/** People mix languages, and a model may fall back to English, so every message is searched in all of them. */
export const LANGUAGES: readonly LanguagePhrases[] = [english, german, spanish, french, chinese];

/** What {@link findPhrase} can look for. */
export type PhraseKind = 'assistantVoice' | 'roleReversal' | 'counsel' | 'promptEcho' | 'labels';

const patterns = new Map<PhraseKind, readonly RegExp[]>();

/** The first phrase of this kind in a text prepared by `plainSpeech`. Null if there is none. */
export function findPhrase(kind: PhraseKind, text: string): string | null {
  for (const pattern of patternsOf(kind)) {
    const found = text.match(pattern);
    if (found !== null) return found[0].trim();
  }
  return null;
}

/** How many different phrases of this kind a text prepared by `plainSpeech` has, in the language with the most. */
export function countPhrases(kind: PhraseKind, text: string): number {
  return Math.max(...patternsOf(kind).map((pattern) => new Set(text.match(pattern)).size));
}

function patternsOf(kind: PhraseKind): readonly RegExp[] {
  const known = patterns.get(kind) ?? LANGUAGES.map((language) => patternOf(kind, language));
  patterns.set(kind, known);
  return known;
}

// Compiled when first needed, not at import.
function patternOf(kind: PhraseKind, language: LanguagePhrases): RegExp {
  const any = `(?:${language[kind].join('|')})`;
  if (kind === 'labels')
    return new RegExp(String.raw`(?<=^|[\n.!?。！？] ?|\( ?)${any}(?:（[^）]{0,30}）)? ?[:：]`, 'gu');
  return new RegExp(language.spaced ? String.raw`(?<![\p{L}\p{N}])${any}(?![\p{L}\p{N}])` : any, 'gu');
}
