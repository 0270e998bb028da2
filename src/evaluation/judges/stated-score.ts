const WORDS: Readonly<Record<string, number>> = { one: 1, two: 2, three: 3, four: 4, five: 5 };
const NUMBER = `(?:[1-5]|one|two|three|four|five)`;

// The other number of a range, a list or a choice, or another scale, makes a number no verdict: "3 or 4", "4.5", "4/10".
const ALONE_BEFORE = String.raw`(?<![\d\p{L}.,/-])(?<!\b(?:or|to|and|than|from|between) )`;
const ALONE_AFTER = String.raw`(?![\d\p{L}]|[.,]+\d|[,;] ?\d| ?[/–—-] ?\d|,? \(?(?:or|to|and|maybe|perhaps|possibly) (?:an? )?${NUMBER}\b| \(?(?:out )?of (?!\(?(?:5|five)\b)\d)`;
const OF_FIVE = `(?: ?/ ?| (?:out )?of )(?:5|five)`;
const VALUE = `${ALONE_BEFORE}(${NUMBER})(?:[.,]0)?(?:${OF_FIVE})?${ALONE_AFTER}`;
const VALUE_OF_FIVE = `${ALONE_BEFORE}(${NUMBER})(?:[.,]0)?${OF_FIVE}${ALONE_AFTER}`;
/** "scored 4 goals", "give this 5 minutes" and "a 5? No" are no verdicts. */
const END = String.raw`(?= ?(?:$|[.,;:!()–—]| - |\b(?:because|for|as|since|stars?|points?|overall)\b))`;

const ASPECT =
  '(?:tone|form|length|uptake|style|topic|manner|sub|warmth|humou?r|directness|formality|layout|plainness|clarity|relevance|engagement)';
/** Words before a number, or before what leads to it, that make it no verdict on the reply. */
const GUARDS = {
  aspect: String.raw`(?<!\b${ASPECT}[ -])`,
  label: String.raw`(?<!\b(?:max(?:imum)?|min(?:imum)?|highest|lowest|possible|perfect|previous) )`,
  not: String.raw`(?<!(?:\b(?:not|never|hardly|nobody would|cannot|could|might)|n't) )`,
  // "Tone: 4/5", "not even 4 out of 5", "at least 4/5".
  ofFive: String.raw`(?<!\b(?:${ASPECT}[^\p{L}\d]{1,4}(?:(?:is|gets) (?:an? )?)?|not (?:even )?|(?:more|less) than |at (?:least|most) )(?:an? )?)`,
};
const UNGUARDED: typeof GUARDS = { aspect: '', label: '', not: '', ofFive: '' };

const LABEL = String.raw`\b(?:(?:scores?|rating|verdict|overall)\b(?: (?:of|for) (?:the|this) (?:reply|response|answer))?(?: ?\((?!${ASPECT}\b)[^()]{0,20}\))?(?: (?:is|of|would be))? ?[:=–—-]?|(?:grade|(?:final )?answer|final) ?[:=–—-])`;
const OBJECT = `(?: (?:it|this(?: one)?|that(?: one)?|(?:the|this) (?:reply|response|answer)))?`;
const GIVES = String.raw`\b(?:give|rate|score|deserves|merits|earns|gets|say)\b${OBJECT}`;
/** "It is 4", but not "her son is 4". */
const IS = String.raw`\b(?:answer|it|this|that|reply|response)(?: is| would be|'s)\b`;
const KIND = '(?: (?:solid|strong|clear|weak|firm|score of|rating of))?';
/** "Give it a one", but not "rate this one". */
const NOT_ONE = String.raw`(?! one\b)`;

/** Patterns of sentences that state a score. */
function statements({ aspect, label, not, ofFive }: typeof GUARDS): RegExp[] {
  return [
    `${aspect}${label}${LABEL} ?(?:an? )?\\(?${VALUE}${END}`,
    `${not}${aspect}(?:${GIVES}|${IS})(?:(?: (?:as|at))? an?${KIND}| (?:as|at)|${KIND}${NOT_ONE}) ${VALUE}${END}`,
    `${not}${aspect}(?:\\b(?:is|be)|(?<=it|that)'s)\\b(?: an?)${KIND} ${VALUE}${END}`,
    `${ofFive}${VALUE_OF_FIVE}${END}`,
  ].map((pattern) => new RegExp(pattern, 'giu'));
}

const STATEMENTS = statements(GUARDS);
const PARTS = statements(UNGUARDED);
const WHOLE_LINE = new RegExp(String.raw`^\(?${VALUE}\)?(?: (?:stars?|points?))?[.!]?$`, 'iu');
const LINE_START = new RegExp(String.raw`^${VALUE}(?: ?[–—:=,(]| - | because\b)`, 'iu');

/**
 * The scores that a text states in English words a person would take for a verdict: "Score: 4", "4 out of 5", "I would give
 * this a four", or a line that begins or ends the text and is only "4" or begins with "4 - ". Each is listed once. A range or
 * a choice ("between 3 and 4") states none, and sub-scores do not count.
 */
export function statedScores(text: string): number[] {
  const lines = linesOf(text);
  const stated = STATEMENTS.flatMap((pattern) => lines.flatMap((line) => [...line.matchAll(pattern)]));
  const found = stated.length > 0 ? stated : [lines[0], lines.at(-1)].flatMap((line = '') => bareScore(line));
  return [...new Set(found.map(([, number]) => toNumber(number!)))];
}

/** Whether a text states a score, or would if only a part of it were quoted: the "score: 5" of "Tone score: 5". */
export function holdsStatedScore(text: string): boolean {
  return linesOf(text).some(
    (line) => PARTS.some((pattern) => line.search(pattern) >= 0) || bareScore(line).length > 0,
  );
}

/** The score that a text is, or begins with; undefined if it is none: "4", "4/5", "Four.", "4 - suits this user". */
export function readScore(text: string): number | undefined {
  const [match] = bareScore(tidy(text));
  return match && toNumber(match[1]!);
}

function linesOf(text: string): string[] {
  return text
    .split(/[\n\r]+/)
    .map(tidy)
    .filter((line) => line !== '');
}

/** Without markup, and with full-width signs as plain ones. */
function tidy(line: string): string {
  return line.normalize('NFKC').replace(MARKUP, '').replaceAll('’', "'").replace(/\s+/g, ' ').trim();
}

function bareScore(line: string): RegExpExecArray[] {
  return [WHOLE_LINE.exec(line) ?? LINE_START.exec(line)].filter((match) => match !== null);
}

const MARKUP = /<\/?[a-z]{1,20}>|["“”„*_`#]/gi;

function toNumber(written: string): number {
  return WORDS[written.toLowerCase()] ?? Number(written);
}
