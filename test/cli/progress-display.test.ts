import { stderr } from 'node:process';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type ProgressDisplay, showProgress } from '../../src/cli/progress-display.ts';
import { ModelCallError } from '../../src/errors.ts';

const WAS_TERMINAL = stderr.isTTY;
const start = { type: 'call-start', model: 'm', place: undefined } as const;
const retry = {
  type: 'call-retry',
  model: 'm',
  place: undefined,
  error: new ModelCallError('m', 'busy.', { retryable: true }),
  waitMs: 3_000,
} as const;
const turn = { type: 'turn-end', conversationId: 'a', node: {} as never } as const;

let written: string[];
let display: ProgressDisplay;
beforeEach(() => {
  vi.useFakeTimers();
  written = [];
  vi.spyOn(stderr, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
});
afterEach(() => {
  display.stop();
  stderr.isTTY = WAS_TERMINAL;
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function show(terminal: boolean): void {
  stderr.isTTY = terminal;
  display = showProgress({ total: 2, turns: 2 });
  display.stage = 'playing';
}

describe('the progress display', () => {
  test('is a bar on a terminal, redrawn in place and removed at the end', () => {
    show(true);
    for (let event = 0; event < 500; event++) display.take(start);
    expect(written).toEqual([]);
    display.take(turn);
    vi.advanceTimersByTime(300);
    expect(written).toHaveLength(1);
    expect(
      written[0]!.startsWith('\r\u001b[2K[#####---------------] playing: 0 of 2 conversations, 1 turn'),
    ).toBe(true);
    vi.advanceTimersByTime(1_000);
    expect(written.length).toBeGreaterThan(3);
    display.stop();
    expect(written.at(-1)).toBe('\r\u001b[2K');
    const drawn = written.length;
    vi.advanceTimersByTime(60_000);
    expect(written).toHaveLength(drawn);
  });

  test('says that the run is paused, also while a call in flight meets an error', () => {
    show(true);
    display.take(start);
    display.take({ type: 'run-paused' });
    display.take(retry);
    vi.advanceTimersByTime(300);
    expect(written.at(-1)).toContain('playing: paused, 0 of 2 conversations');
    display.take({ type: 'run-resumed' });
    vi.advanceTimersByTime(300);
    expect(written.at(-1)).toContain('busy. Retrying in 3 s');
  });

  test('says once that a server counts no tokens, since costs are estimated then', () => {
    show(false);
    const end = { type: 'call-end', model: 'm', place: undefined, replayed: false, durationMs: 1 } as const;
    const usage = { inputTokens: 9, cachedInputTokens: 0, outputTokens: 1 };
    const none = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };
    display.take({ ...end, usage });
    display.take({ ...end, usage: none, replayed: true });
    expect(written).toEqual([]);
    display.take({ ...end, usage: none });
    display.take({ ...end, usage: none });
    expect(written.filter((text) => text.includes('reports no token counts'))).toHaveLength(1);
  });

  test('prints a line now and then in a pipe', () => {
    show(false);
    display.take(start);
    vi.advanceTimersByTime(14_000);
    expect(written).toEqual([]);
    vi.advanceTimersByTime(32_000);
    expect(written).toEqual(Array(3).fill('  playing: 0 of 2 conversations, 0 calls, 1 in flight\n'));
  });

  test('shows the error until the next response', () => {
    show(true);
    display.take(start);
    display.take(retry);
    vi.advanceTimersByTime(300);
    expect(written.at(-1)).toContain('m: busy. Retrying in 3 s.');
    const usage = { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1 };
    display.take({ type: 'call-end', model: 'm', place: undefined, replayed: false, usage, durationMs: 1 });
    vi.advanceTimersByTime(300);
    expect(written.at(-1)).toContain('1 call');
    expect(written.at(-1)).not.toContain('busy');
    display.take({ type: 'calls-paused', model: 'm', waitMs: 1_800_000, requestedMs: 86_400_000 });
    vi.advanceTimersByTime(300);
    expect(written.at(-1)).toContain('Paused for 30 min 0 s');
  });

  test('gives the words of an error as a sentence, without the name of its class', () => {
    show(true);
    const error = new ModelCallError('m', '503 busy', { retryable: true });
    display.take({ ...retry, error });
    vi.advanceTimersByTime(300);
    expect(written.at(-1)).toContain(': m: 503 busy. Retrying in 3 s.');
  });

  test('tells that a model is away and that it is back', () => {
    show(true);
    display.take({ type: 'model-away', model: 'm', sinceMs: 1_000, error: retry.error });
    expect(written.join('')).toContain('m does not answer its calls. They wait');
    vi.advanceTimersByTime(300);
    expect(written.at(-1)).toContain('m is away. Waiting for it to come back.');
    display.take({ type: 'model-back', model: 'm', sinceMs: 65_000, error: retry.error });
    expect(written.join('')).toContain('m is back after 1 min 5 s.');
    vi.advanceTimersByTime(300);
    expect(written.at(-1)).not.toContain('away');
  });

  test('shows how far a batch is, and that its server is away, until it has ended', () => {
    show(true);
    const batch = { model: 'm', batch: 'batch_1', rows: 3_000 } as const;
    const shown = () => {
      vi.advanceTimersByTime(300);
      return written.at(-1);
    };
    display.take({ ...batch, type: 'batch-progress', answered: 1_200 });
    expect(shown()).toContain('Batch batch_1: 1,200 of 3,000 calls answered.');
    display.take({ type: 'batch-retry', model: 'm', step: 'poll', error: retry.error, waitMs: 30_000 });
    expect(shown()).toContain('m: busy. Trying again in 30 s.');
    display.take({ ...batch, type: 'batch-done', answered: 3_000, refused: 0, again: 0, durationMs: 1 });
    expect(shown()).not.toContain('busy');
  });

  test.each([
    [
      { type: 'run-opened-read-only', dir: 'runs/a', reason: 'not-writable' },
      /^runs\/a cannot be written to\. Stored/,
    ],
    [
      { type: 'run-opened-read-only', dir: 'runs/a', reason: 'former-version' },
      /^runs\/a is a run of version 0\.1\./,
    ],
    [
      { type: 'journal-recovered', kept: 1, lost: 2, keptAs: 'b.sqlite' },
      /^The journal was damaged: kept 1 call, lost 2\. The damaged file is b\.sqlite\.$/m,
    ],
    [
      { type: 'database-away', run: 'postgres://h/db?run=a', error: new Error('gone.'), sinceMs: 1_000 },
      /^gone\. Answers wait to be recorded/,
    ],
    [
      { type: 'database-back', run: 'postgres://h/db?run=a', sinceMs: 61_000 },
      /^The database of postgres:\/\/h\/db\?run=a is back after 1 min 1 s\.$/m,
    ],
    [{ type: 'journal-recovered', kept: 5, lost: null, keptAs: 'b' }, /: kept 5 calls\. The/],
    [
      { type: 'batch-submitted', model: 'm', batch: 'batch_1', rows: 3_000, resumed: false },
      /^Submitted 3,000 calls of m as batch batch_1\. It may take up to 24 hours\.$/m,
    ],
    [
      { type: 'batch-submitted', model: 'm', batch: 'batch_1', rows: 1, resumed: true },
      /^Waiting for 1 call of m in batch batch_1, which was submitted earlier\.$/m,
    ],
    [
      {
        type: 'batch-done',
        model: 'm',
        batch: 'batch_1',
        rows: 12,
        answered: 9,
        refused: 1,
        again: 2,
        durationMs: 3_720_000,
      },
      /^Batch batch_1 has ended after 1 h 2 min: 9 calls answered, 1 call refused\. 2 calls will be sent again\.$/m,
    ],
    [
      { type: 'batch-left', model: 'm', batch: 'batch_1', rows: 3_000 },
      /^Batch batch_1 with 3,000 calls of m runs on\. The same command, run again, takes it up\.$/m,
    ],
  ] as const)('tells what happened to the run: %j', (event, words) => {
    show(false);
    display.take(event);
    expect(written.join('')).toMatch(words);
  });
});
