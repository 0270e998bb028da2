import { counted, decimals, dollars, duration, oneLine, shortNumber } from '../internal/format.ts';
import { markdownTable, markdownText } from '../internal/markdown.ts';
import { describeProgress } from '../progress/describe-progress.ts';
import { describeProcesses } from './describe-processes.ts';
import type { LiveState } from './live-state.ts';

const SHOWN_ERRORS = 3;

/** What a run is doing, as Markdown for a terminal. */
export function describeState(state: LiveState): string {
  return [
    describeProcess(state),
    processesTable(state),
    describeWork(state),
    describeBooks(state),
    modelsTable(state),
    levelsTable(state),
    describeErrors(state),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function describeProcess(state: LiveState): string {
  const { run, at, pausedSince } = state;
  const name = `${run}: ${describeProcesses(state)}`;
  if (pausedSince === null) return name;
  return `${name}\nPAUSED for ${duration(Date.parse(at) - Date.parse(pausedSince))}. Calls in flight finish, and no new ones are sent.`;
}

function processesTable({ processes = [], at }: LiveState): string {
  if (processes.length === 0) return '';
  const table = markdownTable(
    ['Process', 'For', 'Concurrency', 'In flight', 'Calls'],
    processes.map((own) => [
      markdownText(`${own.pid} on ${own.host}`),
      duration(Date.parse(at) - Date.parse(own.since)),
      own.concurrency,
      own.inFlight,
      own.calls,
    ]),
  );
  const problems = processes.flatMap(({ pid, host, problem }) =>
    problem === null ? [] : [`Process ${pid} on ${host} did not follow: ${problem}`],
  );
  return [table, ...problems].join('\n');
}

function describeWork({ stage, progress }: LiveState): string {
  const words = describeProgress({ ...progress, paused: false });
  return oneLine(stage === '' ? words : `${stage}: ${words}`);
}

function describeBooks({ spending, settings: { concurrency, budget }, processes }: LiveState): string {
  const { inputTokens, outputTokens } = spending.usage;
  const tokens = `${shortNumber(inputTokens + outputTokens)} tokens${ofBudget(budget.tokens, shortNumber)}`;
  const isPriced = spending.usd > 0 || budget.usd !== null;
  const cost = `${dollars(spending.usd)}${ofBudget(budget.usd, dollars)}`;
  const spent = [counted(spending.calls, 'call'), tokens, ...(isPriced ? [cost] : [])].join(', ');
  const slots = processes === undefined ? ` Concurrency: ${concurrency}.` : '';
  return `All processes of the run so far: ${spent}.${slots}`;
}

function ofBudget(limit: number | null, show: (limit: number) => string): string {
  return limit === null ? '' : ` of ${show(limit)}`;
}

function modelsTable({ models, settings }: LiveState): string {
  if (models.length === 0) return '';
  return markdownTable(
    ['Model', 'In flight', 'Waiting', 'Calls/s', 'Calls', 'Refused', 'Sent again', 'Failed', 'Limits'],
    models.map((own) => [
      markdownText(own.isAway ? `${own.model} (away)` : own.model),
      own.inFlight,
      own.waiting,
      own.callsPerSecond.toFixed(1),
      own.calls,
      own.refusals,
      own.retries,
      own.failures,
      describeLimits(settings.limits[own.model]),
    ]),
  );
}

function describeLimits(limits: LiveState['settings']['limits'][string] | undefined): string {
  const { requestsPerMinute = null, tokensPerMinute = null } = limits ?? {};
  const words = [
    requestsPerMinute !== null && `${requestsPerMinute} requests/min`,
    tokensPerMinute !== null && `${tokensPerMinute} tokens/min`,
  ].filter((word) => word !== false);
  return words.length === 0 ? 'learned' : words.join(', ');
}

function levelsTable({ levels }: LiveState): string {
  if (levels.length === 0) return '';
  const turns = Math.max(...levels.map((own) => own.turns.length));
  return `Alignment levels so far\n${markdownTable(
    ['Candidate', 'Cases', 'Average', ...Array.from({ length: turns }, (_, index) => String(index + 1))],
    levels.map((own) => [
      markdownText(own.candidate),
      own.cases,
      decimals(own.average, 2),
      ...Array.from({ length: turns }, (_, index) => decimals(own.turns[index]?.mean, 2)),
    ]),
  )}`;
}

function describeErrors({ errors }: LiveState): string {
  if (errors.length === 0) return '';
  const lines = errors
    .slice(0, SHOWN_ERRORS)
    .map(
      ({ at, message, retried }) =>
        `  ${at.slice(11, 19)} ${message}${retried ? ' (sent again)' : ' (failed)'}`,
    );
  return ['Last errors (UTC)', ...lines].join('\n');
}
