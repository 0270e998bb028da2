const WORDS: Readonly<Record<string, number>> = { one: 1, two: 2, three: 3, four: 4, five: 5 };
const NUMBER = `(?:[1-5]|one|two|three|four|five)`;

// The other number of a range or of a choice, or another scale, makes a number no verdict: "3 or 4", "4.5", "4/10".
const ALONE_BEFORE = String.raw`(?<![\d\p{L}.,/-])(?<!\b(?:or|to|and|than|from|between) )`;
const ALONE_AFTER = String.raw`(?![\d\p{L}]|[.,]\d| ?[/–—-] ?\d| (?:or|to|and) ${NUMBER}\b| (?:out )?of \d)`;
const OF_FIVE = `(?: ?/ ?| (?:out )?of )(?:5|five)`;
const VALUE = `${ALONE_BEFORE}(${NUMBER})(?:[.,]0)?(?:${OF_FIVE})?${ALONE_AFTER}`;
const VALUE_OF_FIVE = `${ALONE_BEFORE}(${NUMBER})(?:[.,]0)?${OF_FIVE}${ALONE_AFTER}`;
/** "scored 4 goals" and "give this 5 minutes" are no verdicts. */
const END = String.raw`(?= ?(?:$|[.,;:!?()–—]| - |\b(?:because|for|as|since|stars?|points?|overall)\b))`;

const ASPECT_BEFORE = String.raw`(?<!\b(?:tone|form|length|uptake|style|topic|manner|sub)[ -])`;
const LABEL = String.raw`\b(?:scores?|rating|verdict|grade|overall)\b(?: (?:of|for) (?:the|this) (?:reply|response|answer))?(?: ?\([^()]{0,20}\))?(?: (?:is|of|would be))? ?[:=–—-]?`;
const NOT_BEFORE = String.raw`(?<!(?:\b(?:not|never|hardly|cannot|could|might)|n't) )`;
const VERB = String.raw`(?:\b(?:give|rate|score|deserves|merits|earns|say|is|be)|(?<=it|that)'s)\b`;
const OBJECT = `(?: (?:it|this|that|(?:the|this) (?:reply|response|answer)))?`;

const STATEMENTS: readonly RegExp[] = [
  `${ASPECT_BEFORE}${LABEL} ?(?:an? )?\\(?${VALUE}${END}`,
  `${NOT_BEFORE}${VERB}${OBJECT}(?: (?:an?|as|at))?(?: (?:solid|strong|clear|weak|firm|score of|rating of))? ${VALUE}${END}`,
  `${VALUE_OF_FIVE}${END}`,
].map((pattern) => new RegExp(pattern, 'giu'));
const WHOLE_LINE = new RegExp(String.raw`^\(?${VALUE}\)?(?: (?:stars?|points?))?[.!]?$`, 'iu');
const LINE_START = new RegExp(String.raw`^${VALUE}(?: ?[–—:=,(]| - | because\b)`, 'iu');

/**
 * The scores that a text states in words a person would take for a verdict: "Score: 4", "4 out of 5", "I would give this
 * a four", or a line that begins or ends the text and is only "4" or begins with "4 - ". Each is listed once. A range or a choice
 * ("between 3 and 4") states none, and sub-scores do not count.
 */
export function statedScores(text: string): number[] {
  const lines = text
    .split(/[\n\r]+/)
    .map((line) => line.replace(MARKUP, '').replaceAll('’', "'").replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '');
  const stated = STATEMENTS.flatMap((pattern) => lines.flatMap((line) => [...line.matchAll(pattern)]));
  const found = stated.length > 0 ? stated : [lines[0], lines.at(-1)].flatMap((line = '') => bareScore(line));
  return [...new Set(found.map(([, number]) => toNumber(number!)))];
}

/** The score that a text is, or begins with; undefined if it is none: "4", "4/5", "Four.", "4 - suits this user". */
export function readScore(text: string): number | undefined {
  const [match] = bareScore(text.replace(MARKUP, '').replace(/\s+/g, ' ').trim());
  return match && toNumber(match[1]!);
}

function bareScore(line: string): RegExpExecArray[] {
  return [WHOLE_LINE.exec(line) ?? LINE_START.exec(line)].filter((match) => match !== null);
}

const MARKUP = /["“”„*_`#]/g;

function toNumber(written: string): number {
  return WORDS[written.toLowerCase()] ?? Number(written);
}
