import { element, spoken } from '../../page/browser/dom.ts';

/** Labels for a judgement's status and for what filters add to them. */
const STATUS_WORDS: Readonly<Record<string, string>> = {
  scored: 'scored',
  'malformed-verdict': 'no valid verdict',
  'judge-failed': 'judge failed',
  'no-response': 'no response',
  'withheld-response': 'withheld',
  'not-reached': 'not reached',
  missing: 'missing score',
  'user-problem': 'user problem',
  'pair-preferred': 'judge picks preferred',
  'pair-rejected': 'judge picks rejected',
  'pair-undecided': 'judge undecided',
};

/** Whether a response said nothing. Not imported from the judge's file, which would bring its schemas into the page. */
export function isSilence(status: string): boolean {
  return status === 'no-response' || status === 'withheld-response';
}

export function statusWords(status: string): string {
  return STATUS_WORDS[status] ?? status;
}

/** +0.5, −1, 0: a difference of scores. */
export function signedScore(difference: number): string {
  const text = shortScore(Math.abs(difference));
  if (text === '0') return text;
  return `${difference > 0 ? '+' : '−'}${text}`;
}

/** 4, 3.5, 3.67. */
export function shortScore(score: number): string {
  return String(Math.round(score * 100) / 100);
}

export function scoreBadge(score: number | null, status: string): HTMLElement {
  return score === null
    ? element('span', { class: 'badge missing' }, statusWords(status))
    : element(
        'span',
        { class: `badge score-${Math.round(score)}` },
        shortScore(score),
        spoken(' of 5'),
        status === 'scored' ? null : `, ${statusWords(status)}`,
      );
}

/** One square per turn, as an overview. Hidden from screen readers: the text next to it says the same. */
export function scoreStrip(scores: readonly (number | null)[]): HTMLElement {
  const squares = scores.map((score) =>
    element('span', { class: score === null ? 'missing' : `score-${Math.round(score)}` }),
  );
  return element('span', { class: 'strip', 'aria-hidden': 'true' }, squares);
}
