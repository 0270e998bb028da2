import { counted, duration, shortNumber } from '../../internal/format.ts';
import { element, find } from '../../page/browser/dom.ts';
import { describeProgress } from '../../progress/describe-progress.ts';
import { describeProcesses } from '../describe-processes.ts';
import type { LiveState } from '../live-state.ts';

type Kind = 'working' | 'paused' | 'gone';

const SPOKEN: Readonly<Record<Kind, string>> = {
  working: 'The run works.',
  paused: 'The run is paused.',
  gone: 'The run has ended, or cannot be reached.',
};

/** How far the run is, what it costs, and with which settings. */
export function showProgress(state: LiveState): void {
  const { progress, pausedSince, at } = state;
  const who = describeProcesses(state);
  const bar = find('bar', HTMLProgressElement);
  bar.hidden = progress.fraction === null;
  bar.value = progress.fraction ?? 0;
  const isPaused = pausedSince !== null;
  showCondition(
    isPaused
      ? `Paused for ${age(pausedSince, at)}. Calls in flight finish, and no new ones are sent.`
      : `${who.slice(0, 1).toUpperCase()}${who.slice(1)}.`,
    isPaused ? 'paused' : 'working',
  );
  const stage = state.stage.trim();
  const words = describeProgress({ ...progress, paused: false });
  find('words', HTMLElement).textContent = stage === '' ? words : `${stage}: ${words}`;
  find('facts', HTMLElement).replaceChildren(
    ...factsOf(state).flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]),
  );
}

/** Says that the server does not answer any more, and what was known last. */
export function showEnded(last: LiveState | null): void {
  const when = last === null ? '' : ` This is how it was at ${new Date(last.at).toLocaleTimeString()}.`;
  showCondition(`The run has ended, or cannot be reached.${when}`, 'gone');
}

/** The time changes every second. Only a change of kind is read out. */
function showCondition(words: string, kind: Kind): void {
  const place = find('condition', HTMLElement);
  place.textContent = words;
  place.className = `condition ${kind}`;
  const spoken = find('spoken', HTMLElement);
  if (spoken.textContent !== SPOKEN[kind]) spoken.textContent = SPOKEN[kind];
}

function factsOf({
  spending,
  settings: { concurrency, budget },
  processes = [],
}: LiveState): [string, string][] {
  const { inputTokens, cachedInputTokens, outputTokens } = spending.usage;
  const tokens = `${shortNumber(inputTokens)} in (${shortNumber(cachedInputTokens)} of them cached), ${shortNumber(outputTokens)} out`;
  const ofTokens = budget.tokens === null ? '' : `, of ${shortNumber(budget.tokens)}`;
  const dollars = `$${spending.usd.toFixed(2)}${budget.usd === null ? '' : ` of $${budget.usd.toFixed(2)}`}`;
  return [
    ['All processes so far', counted(spending.calls, 'call')],
    ['Tokens', `${tokens}${ofTokens}`],
    ...(spending.usd > 0 || budget.usd !== null ? [['Cost', dollars] as [string, string]] : []),
    ['Concurrency', processes.length > 1 ? `${concurrency} per process` : String(concurrency)],
  ];
}

function age(from: string, to: string): string {
  return duration(Date.parse(to) - Date.parse(from));
}
