import { InvalidOptionError } from '../errors.ts';

/** Words that are frequent in one of these languages and rare in the others. */
const FUNCTION_WORDS: Readonly<Record<string, ReadonlySet<string>>> = {
  en: words(
    'the and is of to with from his her their who has for on at by an it they she when every never than or likes are that into about',
  ),
  de: words(
    'der das und ist mit von nicht sich auf ein eine einen einem einer für im zu dem wenn aus auch als ihre seine sie bei nach immer oder',
  ),
  es: words('el los las es con que una por para su sus del al cuando muy nunca siempre pero como tiene y'),
  fr: words(
    'le les et est avec qui une un pour son sa ses dans des du aux ne pas quand très jamais toujours mais elle il',
  ),
};

/** Unicode script of a script name of `Intl.Locale`. */
const SCRIPTS: Readonly<Record<string, string>> = {
  Arab: 'Arabic',
  Beng: 'Bengali',
  Cyrl: 'Cyrillic',
  Deva: 'Devanagari',
  Grek: 'Greek',
  Hans: 'Han',
  Hant: 'Han',
  Hebr: 'Hebrew',
  Latn: 'Latin',
  Thai: 'Thai',
};

/** What is known of a language. */
export interface Language {
  /** BCP 47 tag, such as `de` or `pt-BR`. */
  readonly tag: string;
  /** In English, for prompts: `German`. */
  readonly name: string;
}

/**
 * A language by its BCP 47 tag.
 *
 * @throws InvalidOptionError if there is no such language.
 */
export function languageOf(tag: string): Language {
  const name = nameOf(tag);
  if (name === undefined) {
    throw new InvalidOptionError('language', 'the tag of a language, such as "de" or "pt-BR"', tag);
  }
  return { tag: new Intl.Locale(tag).toString(), name };
}

function nameOf(tag: string): string | undefined {
  try {
    return new Intl.DisplayNames('en', { type: 'language', fallback: 'none' }).of(tag);
  } catch {
    return undefined;
  }
}

/** Whether a text is in English, as far as the tag of its language says. */
export function isEnglish(tag: string): boolean {
  return new Intl.Locale(tag).language === 'en';
}

/** Share of words that a text of one of these languages has in common with it, at least. */
const ENOUGH = 0.15;
/** Fewer such words may be names and titles: "Las Vegas", "La Paz". */
const FEWEST = 5;
/** Share of letters in the script of the language, at least: brands and names may be in another. */
const SCRIPT_SHARE = 0.25;
/** How many times as frequent as the words of the pool's own language. */
const TIMES = 3;

/**
 * Whether some words are clearly in another language than `tag`: in another script, or in another of English, German,
 * Spanish and French. Of languages beside these and Chinese, only the script and a lapse into English are noticed.
 */
export function isForeign(text: string, words: readonly string[], tag: string): boolean {
  const { language, script = '' } = new Intl.Locale(tag).maximize();
  const expected = SCRIPTS[script];
  if (expected !== undefined && shareOf(text, expected) < SCRIPT_SHARE) return true;
  const count = (code: string) => words.filter((word) => FUNCTION_WORDS[code]!.has(word)).length;
  const own = FUNCTION_WORDS[language] === undefined ? 0 : count(language);
  const others = FUNCTION_WORDS[language] === undefined ? ['en'] : Object.keys(FUNCTION_WORDS);
  return others.some((code) => {
    const found = code === language ? 0 : count(code);
    return found >= FEWEST && found >= TIMES * own && found >= ENOUGH * words.length;
  });
}

/** Share of letters in a script. 1 if there are no letters. */
function shareOf(text: string, script: string): number {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  if (letters === 0) return 1;
  return (text.match(new RegExp(String.raw`\p{Script=${script}}`, 'gu'))?.length ?? 0) / letters;
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}
