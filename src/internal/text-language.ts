/** Code and addresses, which are in no language. */
const NO_SPEECH = /```[\s\S]{0,4000}?```|`[^`\n]{0,400}`|https?:\/\/\S+/gu;
const LETTER = /\p{L}/gu;

/** Scripts that few languages share, with the languages they may stand for, the commonest first. */
const SCRIPTS: readonly { readonly letters: RegExp; readonly languages: readonly string[] }[] = [
  { letters: /\p{Script=Hiragana}|\p{Script=Katakana}/gu, languages: ['ja'] },
  { letters: /\p{Script=Han}/gu, languages: ['zh'] },
  { letters: /\p{Script=Hangul}/gu, languages: ['ko'] },
  { letters: /\p{Script=Cyrillic}/gu, languages: ['ru', 'uk', 'bg', 'sr'] },
  { letters: /\p{Script=Arabic}/gu, languages: ['ar', 'fa', 'ur'] },
  { letters: /\p{Script=Devanagari}/gu, languages: ['hi', 'mr', 'ne'] },
  { letters: /\p{Script=Greek}/gu, languages: ['el'] },
  { letters: /\p{Script=Hebrew}/gu, languages: ['he'] },
  { letters: /\p{Script=Thai}/gu, languages: ['th'] },
];
const LATIN = /\p{Script=Latin}/gu;
const OTHER_THAN_LATIN = /[^\P{L}\p{Script=Latin}]/u;

/** Words that are frequent in one of these languages and hardly occur in the others. */
const FUNCTION_WORDS: Readonly<Record<string, ReadonlySet<string>>> = {
  en: words(
    'the and of to is it that you for with this have but are my your what not be do we they if would just about been ' +
      'from there how when which their because some than then them could should get really ' +
      "i'm it's don't that's you're",
  ),
  de: words(
    'der und ist nicht das ich ein eine einen den dem mit auf für sich auch dass wie wir aber noch nur schon wenn ' +
      'oder mir mich dir dich bei nach vom zum zur haben bin sind wird kann immer mehr mal doch dann',
  ),
  es: words(
    'el los las del una y pero por para con como muy más lo le se está estoy eso esto ese esta hay tengo tiene ser ' +
      'porque cuando donde sí también ya al nada todo mi si sin sobre qué cómo',
  ),
  fr: words(
    'le les des une et mais pour avec dans est pas je il elle nous vous ce cette qui sur au aux du ou où très ça plus ' +
      "j'ai c'est n'est d'un d'une qu'il suis mon ma mes ton ta tes votre être fait tout bien quand",
  ),
};

const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  es: ['castellano', 'castilian'],
  zh: ['mandarin', '汉语', '普通话', '国语'],
};

/** Letters of another script than Latin, and Latin words. Fewer say nothing. */
const [MIN_LETTERS, MIN_WORDS] = [6, 8];
/** Share of a text's letters in one script. With less, the text mixes languages. */
const MAIN_SCRIPT = 0.8;
/** Of a language's words in a text: how many, what share of all words, and how many times those of the next language. */
const [MIN_FOUND, MIN_SHARE, LEAD] = [3, 0.15, 3];

/**
 * The language of a text: English, German, Spanish and French by their commonest words, others by their script (Chinese,
 * Japanese, Korean, Russian, Arabic and more). Null for a short or mixed text, and for other languages in Latin letters.
 *
 * @returns Code of the language, such as `de`. Of languages with the same script, the commonest.
 */
export function languageOf(text: string): string | null {
  const speech = text.replace(NO_SPEECH, ' ');
  if (!OTHER_THAN_LATIN.test(speech)) return latinLanguageOf(speech);
  const letters = count(speech, LETTER);
  if (count(speech, LATIN) >= letters * MAIN_SCRIPT) return latinLanguageOf(speech);
  const [kana, han] = [count(speech, SCRIPTS[0]!.letters), count(speech, SCRIPTS[1]!.letters)];
  // Japanese mixes its own letters with Chinese ones.
  if (kana + han >= Math.max(MIN_LETTERS, letters * MAIN_SCRIPT)) return kana * 10 > kana + han ? 'ja' : 'zh';
  const main = SCRIPTS.find((script) => count(speech, script.letters) >= letters * MAIN_SCRIPT);
  return main !== undefined && letters >= 2 * MIN_LETTERS ? main.languages[0]! : null;
}

function latinLanguageOf(speech: string): string | null {
  const all =
    speech
      .toLowerCase()
      .replace(/’/g, "'")
      .match(/[\p{L}\p{M}]+(?:'\p{L}+)?/gu) ?? [];
  if (all.length < MIN_WORDS) return null;
  const ranking = Object.entries(FUNCTION_WORDS)
    .map(([language, known]) => ({ language, found: all.filter((word) => known.has(word)).length }))
    .sort((one, other) => other.found - one.found);
  const [first, second] = ranking as [(typeof ranking)[0], (typeof ranking)[0]];
  const isClear =
    first.found >= MIN_FOUND && first.found >= all.length * MIN_SHARE && first.found >= second.found * LEAD;
  return isClear ? first.language : null;
}

/** Names of a language, and of those with the same script, in the languages that {@link languageOf} knows: `German`, `alemán`, `德语`. */
export function namesOfLanguage(language: string): readonly string[] {
  const codes = SCRIPTS.find(({ languages }) => languages[0] === language)?.languages ?? [language];
  const namers = [...Object.keys(FUNCTION_WORDS), 'zh', language];
  const names = namers.flatMap((namer) => {
    const display = new Intl.DisplayNames([namer], { type: 'language' });
    return codes.map((code) => display.of(code)!.toLowerCase());
  });
  // In Chinese, a language also has a name for its writing: 英语 and 英文.
  const written = names.map((name) => name.replace(/语$/, '文'));
  return [...new Set([...names, ...written, ...(OTHER_NAMES[language] ?? [])])];
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}
