import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ConversationTreeBuilder } from '../../src/conversations/conversation-tree-builder.ts';
import { AloeEvaluator } from '../../src/evaluation/aloe-evaluator.ts';
import { describeProgress } from '../../src/progress/describe-progress.ts';
import { type ProgressEvent, type ProgressOptions, trackProgress } from '../../src/progress/progress.ts';
import { memoryRun } from '../../src/runs/run.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';
import { verifyPairs } from '../../src/verification/verify-pairs.ts';
import { beekeepers, cast } from '../conversations/fakes.ts';
import { benchmarkCases, fakeCandidate, fakeJudge, fakeUser } from '../evaluation/fakes.ts';

const start: ProgressEvent = { type: 'call-start', model: 'm', place: undefined };
const end = (replayed = false, model = 'm'): ProgressEvent => ({
  type: 'call-end',
  model,
  place: undefined,
  replayed,
  usage: { inputTokens: 100, cachedInputTokens: 40, outputTokens: 10 },
  durationMs: 5,
});
const began = (conversationId: string): ProgressEvent => ({ type: 'conversation-start', conversationId });
const turned = (conversationId: string): ProgressEvent => ({
  type: 'turn-end',
  conversationId,
  node: {} as never,
});
const ended = (conversationId: string): ProgressEvent => ({
  type: 'conversation-end',
  conversationId,
  tree: {} as never,
});

// Time stands still unless a test advances it. Timers stay real: the journal of a run needs them.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function tracker(options: ProgressOptions = {}) {
  const track = trackProgress(options);
  const take = (...events: ProgressEvent[]) => {
    for (const event of events) track(event);
    return track();
  };
  return { track, take };
}

describe('progress', () => {
  test('counts calls that were answered, replayed and are in flight', () => {
    const { take } = tracker();
    expect(take()).toMatchObject({
      calls: 0,
      replayed: 0,
      inFlight: 0,
      callsPerSecond: 0,
      fraction: null,
      etaMs: null,
    });
    take(start, start, start, end(), end(true));
    expect(take({ type: 'call-error', model: 'm', place: undefined, error: new Error('no') })).toMatchObject({
      calls: 1,
      replayed: 1,
      inFlight: 1,
      usage: { inputTokens: 100, cachedInputTokens: 40, outputTokens: 10 },
    });
  });

  test('names the models that are away until they are back', () => {
    const { take } = tracker();
    const error = new Error('no');
    take({ type: 'model-away', model: 'a', sinceMs: 1_000, error });
    const both = take({ type: 'model-away', model: 'b', sinceMs: 1_000, error });
    expect(both.away).toEqual(['a', 'b']);
    expect(describeProgress(both)).toBe('waiting for a, b, 0 calls');
    expect(take({ type: 'model-back', model: 'a', sinceMs: 9_000, error }).away).toEqual(['b']);
  });

  test('reports the rate over the last ten seconds', () => {
    const { take } = tracker();
    for (let second = 0; second < 30; second++) {
      vi.advanceTimersByTime(1_000);
      take(start, start, start, end(), end(), end());
    }
    expect(take().callsPerSecond).toBeCloseTo(3, 0);
    vi.advanceTimersByTime(5_000);
    expect(take().callsPerSecond).toBeCloseTo(1.5, 0);
    vi.advanceTimersByTime(6_000);
    expect(take().callsPerSecond).toBe(0);
  });

  test('says that the run is paused, and leaves pauses out of the time left', () => {
    const { take } = tracker({ total: 4 });
    take(began('a'), start);
    vi.advanceTimersByTime(10_000);
    take(end(), ended('a'));
    expect(take()).toMatchObject({ paused: false, etaMs: 30_000 });
    take({ type: 'run-paused' });
    vi.advanceTimersByTime(3_600_000);
    expect(take()).toMatchObject({ paused: true, etaMs: 30_000 });
    expect(describeProgress(take())).toMatch(/^paused, 1 of 4 conversations, 30 s left/);
    take({ type: 'run-resumed' });
    expect(take()).toMatchObject({ paused: false, etaMs: 30_000 });
    // A second pause before the first call of another tracker does not count twice.
    const other = tracker({ total: 2 });
    other.take({ type: 'run-paused' });
    vi.advanceTimersByTime(60_000);
    other.take({ type: 'run-resumed' }, began('a'), start);
    vi.advanceTimersByTime(5_000);
    expect(other.take(end(), ended('a')).etaMs).toBe(5_000);
  });

  test('prices tokens by model, cached ones separately, and has no cost once a model has no price', () => {
    const { take } = tracker({ prices: { m: { input: 10, cachedInput: 1, output: 100 } } });
    expect(take(start, end()).usd).toBeCloseTo((60 * 10 + 40 + 10 * 100) / 1e6, 12);
    expect(take(end(true, 'unheard-of')).usd).not.toBeNull();
    expect(take(start, end(false, 'unheard-of')).usd).toBeNull();
    expect(take(start, end()).usd).toBeNull();
  });

  test('has a fraction and a time left as soon as turns end', () => {
    const { take } = tracker({ total: 4, turns: 10 });
    // Growing personas: no fraction and no time left.
    for (let call = 0; call < 9; call++) take(start, end());
    vi.advanceTimersByTime(60_000);
    expect(take(began('a'), start)).toMatchObject({ fraction: 0, etaMs: null });
    vi.advanceTimersByTime(1_000);
    take(end(), start);
    vi.advanceTimersByTime(1_000);
    expect(take(end(), turned('a'))).toMatchObject({ fraction: 1 / 40 });
    // One turn of two calls took 2 s, and 39 turns are left.
    expect(take().etaMs).toBeCloseTo(78_000, 3);
    // It ended early, so it has no turns left.
    expect(take(ended('a'))).toMatchObject({
      fraction: 1 / 4,
      conversations: { done: 1, total: 4 },
      turns: 1,
    });
    for (const id of ['b', 'c', 'd']) take(began(id), ended(id));
    expect(take()).toMatchObject({ fraction: 1, etaMs: 0 });
  });

  test('leaves replays out of the rate', () => {
    const { take } = tracker({ total: 10 });
    for (let id = 0; id < 8; id++) {
      take(began(`${id}`), ...Array.from({ length: 10 }, () => end(true)), ended(`${id}`));
    }
    expect(take()).toMatchObject({ fraction: 0.8, etaMs: null });
    take(began('8'));
    for (let call = 0; call < 10; call++) {
      take(start);
      vi.advanceTimersByTime(1_000);
      take(end());
    }
    // Ten calls at one a second for the last conversation.
    expect(take(ended('8')).etaMs).toBeCloseTo(10_000, 3);
  });

  test('is complete when there are no conversations', () => {
    expect(tracker({ total: 0 }).take()).toMatchObject({ fraction: 1, etaMs: 0 });
  });

  test('tells the repeats of a case apart', () => {
    const { take } = tracker({ total: 2, turns: 2 });
    const of = (repeat: number) => ({ candidate: 'c', caseId: 'case-1', repeat });
    const turnOf = (repeat: number): ProgressEvent => ({
      type: 'turn-end',
      ...of(repeat),
      turn: 1,
      score: 3,
      status: 'scored',
    });
    const { fraction } = take(
      { type: 'case-start', ...of(1) },
      { type: 'case-start', ...of(2) },
      turnOf(1),
      turnOf(2),
      { type: 'case-end', ...of(1), failure: undefined, played: {} as never },
    );
    expect(fraction).toBe(0.75);
  });

  test('agrees with a real builder and a real evaluator', async () => {
    const { track } = tracker({ total: 3 + 2 * 2, turns: 4 });
    const run = memoryRun({ onEvent: track });
    await Array.fromAsync(
      new ConversationTreeBuilder({ run, roles: cast(), turns: 4, onEvent: track }).build(beekeepers(3)),
    );
    expect(track()).toMatchObject({ fraction: 3 / 7, conversations: { done: 3 } });
    await new AloeEvaluator({
      run,
      user: fakeUser(),
      judge: fakeJudge(),
      cases: benchmarkCases(2),
      turns: 4,
      repeats: 2,
      onEvent: track,
    }).evaluate(fakeCandidate());
    const { calls, usage } = run.stats();
    expect(track()).toMatchObject({
      conversations: { done: 7, total: 7 },
      turns: 3 * 4 + 2 * 2 * 4,
      calls,
      usage,
      replayed: 0,
      inFlight: 0,
      fraction: 1,
    });
  });

  test('has what the judge said of the pairs, and counts conversations once', async () => {
    const { track } = tracker({ total: 2, turns: 3 });
    const trees = new ConversationTreeBuilder({ roles: cast(), turns: 3, onEvent: track }).build(
      beekeepers(2),
    );
    const judge = scriptedModel('{"rationale": "Dry.", "better": "A", "by": 1}');
    const verified = await Array.fromAsync(verifyPairs(trees, { judge, onEvent: track }));
    const expected = { conversations: { done: 2, total: 2 }, fraction: 1, turns: 6 };
    expect(track()).toMatchObject({ ...expected, verification: { pairs: 6, winners: { undecided: 6 } } });
    expect(describeProgress(track())).toContain('6 pairs verified, 6 undecided');

    const again = tracker({ total: 2 }).track;
    expect(again().verification).toBeNull();
    await Array.fromAsync(verifyPairs(verified, { judge, onEvent: again }));
    expect(again()).toMatchObject({ conversations: { done: 2, total: 2 }, fraction: 1, turns: 0 });
  });

  test.each([
    ['total', { total: -1 }],
    ['turns', { turns: 0 }],
    ['prices.m.output', { prices: { m: { input: 1, output: -1 } } }],
  ])('rejects an invalid %s', (option, options) => {
    expect(() => trackProgress(options)).toThrow(`Option "${option}"`);
  });
});

describe('describeProgress', () => {
  test('is one line', () => {
    const { take } = tracker({ total: 2, turns: 2, prices: { m: { input: 10_000, output: 0 } } });
    take(began('a'), start, start, end(true));
    vi.advanceTimersByTime(2_000);
    const progress = take(end(), turned('a'));
    expect(describeProgress(progress)).toBe(
      '0 of 2 conversations, 12 s left, 1 turn, 1 call, 1 from cache, 1 in flight, 1.0 calls/s, 110 tokens, $1.00',
    );
  });

  test('adds up what other processes of the run do', () => {
    const { take } = tracker({ prices: { m: { input: 10_000, output: 0 } } });
    const others = (processes: number, calls: number): ProgressEvent => ({
      type: 'other-processes',
      processes,
      inFlight: 3 * processes,
      answered: [
        { model: 'm', calls, usage: { inputTokens: 100 * calls, cachedInputTokens: 0, outputTokens: 0 } },
      ],
    });
    const progress = take(start, end(), start, others(2, 5), others(2, 7));
    expect(progress).toMatchObject({ calls: 1, inFlight: 1, others: { calls: 7, inFlight: 6, usd: 7 } });
    vi.advanceTimersByTime(2_000);
    expect(describeProgress(take())).toBe(
      '3 processes, 8 calls, 7 in flight, 1.5 calls/s, 810 tokens, $8.00',
    );
    expect(describeProgress(take(others(0, 7)))).toMatch(/^8 calls, 1 in flight/);
    expect(tracker().take(others(1, 1)).others?.usd).toBeNull();
    expect(tracker().take().others).toBeNull();
  });

  test('leaves out what is unknown', () => {
    expect(describeProgress(tracker().take())).toBe('0 calls');
    expect(describeProgress(tracker().take(began('a'), turned('a'), ended('a')))).toBe(
      '1 conversation, 1 turn, 0 calls',
    );
  });
});
