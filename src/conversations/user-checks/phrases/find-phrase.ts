import { german } from './de.ts';
import { english } from './en.ts';
import { spanish } from './es.ts';
import { french } from './fr.ts';
import type { LanguagePhrases } from './language-phrases.ts';
import { chinese } from './zh.ts';

/** People mix languages, and a model may fall back to English, so every message is searched in all of them. */
export const LANGUAGES: readonly LanguagePhrases[] = [english, german, spanish, french, chinese];

/** What {@link findPhrase} can look for. */
export type PhraseKind =
  | 'assistantVoice'
  | 'modelVoice'
  | 'refusal'
  | 'roleReversal'
  | 'counsel'
  | 'promptEcho'
  | 'labels';

interface Patterns {
  /** Whether any language has a phrase in a text. One search instead of five, and most texts have none. */
  readonly any: RegExp;
  /** All phrases of each language. */
  readonly each: readonly RegExp[];
}

const patterns = new Map<PhraseKind, Patterns>();

/** The first phrase of this kind in a text prepared by `plainSpeech`. Null if there is none. */
export function findPhrase(kind: PhraseKind, text: string): string | null {
  const { any, each } = patternsOf(kind);
  if (!any.test(text)) return null;
  for (const pattern of each) {
    const found = text.match(pattern);
    if (found !== null) return found[0].trim();
  }
  return null;
}

/** How many different phrases of this kind a text prepared by `plainSpeech` has, in the language with the most. */
export function countPhrases(kind: PhraseKind, text: string): number {
  const { any, each } = patternsOf(kind);
  return any.test(text) ? Math.max(...each.map((pattern) => new Set(text.match(pattern)).size)) : 0;
}

// Compiled when first needed, not at import.
function patternsOf(kind: PhraseKind): Patterns {
  const before = patterns.get(kind);
  if (before !== undefined) return before;
  const sources = LANGUAGES.map((language) => sourceOf(kind, language));
  const compiled = {
    any: new RegExp(sources.join('|'), 'u'),
    each: sources.map((source) => new RegExp(source, 'gu')),
  };
  patterns.set(kind, compiled);
  return compiled;
}

function sourceOf(kind: PhraseKind, language: LanguagePhrases): string {
  const any = `(?:${language[kind].join('|')})`;
  if (kind === 'labels') return String.raw`(?<=^|[\n.!?。！？] ?|\( ?)${any}(?:（[^）]{0,30}）)? ?[:：]`;
  return language.spaced ? String.raw`(?<![\p{L}\p{N}])${any}(?![\p{L}\p{N}])` : any;
}
