import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { BudgetExceededError } from '../../src/errors.ts';
import type { ChatModel, ChatResponse } from '../../src/models/chat-model.ts';
import type { RunEvent } from '../../src/runs/events.ts';
import { memoryRun, type Run, type RunOptions } from '../../src/runs/run.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';

/** A paid model that answers when it is told. */
function heldModel(id = 'held') {
  const open: (() => void)[] = [];
  let sent = 0;
  const model: ChatModel = {
    id,
    generate: () => {
      sent += 1;
      const answer: ChatResponse = {
        text: 'Hi.',
        finishReason: 'stop',
        usage: { inputTokens: 10, cachedInputTokens: 0, outputTokens: 10 },
      };
      return new Promise((resolve) => open.push(() => resolve(answer)));
    },
  };
  return {
    model,
    sent: () => sent,
    inFlight: () => open.length,
    async answerAll() {
      for (const answer of open.splice(0)) answer();
      await settle();
    },
  };
}

/** Lets everything happen that needs no more than a few turns of the loop. */
async function settle(): Promise<void> {
  for (let count = 0; count < 20; count++) await turn();
}

function ask(run: Run, model: ChatModel, call: number, signal?: AbortSignal): Promise<string> {
  return run
    .model(model)
    .generate(
      { messages: [{ role: 'user', content: `Hello ${call}` }], maxOutputTokens: 50 },
      { place: { task: 'test', subject: String(call), role: 'speaker' }, signal },
    )
    .then(({ text }) => text);
}

function openRecorded(options: RunOptions = {}): { run: Run; events: RunEvent[] } {
  const events: RunEvent[] = [];
  return { run: memoryRun({ ...options, onEvent: (event) => events.push(event) }), events };
}

const typesOf = (events: readonly RunEvent[]) => events.map(({ type }) => type);

describe('a paused run', () => {
  test('sends nothing, lets calls in flight finish, and goes on when it is resumed', async () => {
    const { run, events } = openRecorded({ concurrency: 2 });
    const { model, sent, answerAll } = heldModel();
    const answers = [1, 2, 3, 4, 5].map((call) => ask(run, model, call));
    await settle();
    expect(sent()).toBe(2);
    expect(run.steering!.pause()).toBe(true);
    expect(run.steering!.pause()).toBe(false);
    expect(run.steering!.pausedSince).toBeInstanceOf(Date);
    await answerAll();
    expect(await Promise.all(answers.slice(0, 2))).toEqual(['Hi.', 'Hi.']);
    expect(sent()).toBe(2);
    expect(run.steering!.resume()).toBe(true);
    expect(run.steering!.resume()).toBe(false);
    await settle();
    expect(sent()).toBe(4);
    await answerAll();
    await answerAll();
    expect(await Promise.all(answers)).toHaveLength(5);
    expect(typesOf(events).filter((type) => type.startsWith('run-'))).toEqual(['run-paused', 'run-resumed']);
    await run.close();
  });

  test('also holds calls that wait for their pace, for their budget, or cost nothing', async () => {
    // 1 call a minute: the second one waits in the pacer. 100 tokens: the second one waits for the budget.
    const paced = openRecorded({ limits: { held: { requestsPerMinute: 1 } } });
    const slow = heldModel();
    const first = [ask(paced.run, slow.model, 1), ask(paced.run, slow.model, 2)];
    await settle();
    expect(paced.run.steering!.traffic).toEqual([{ model: 'held', inFlight: 1, waiting: 1, isAway: false }]);
    paced.run.steering!.pause();
    paced.run.steering!.retune({ limits: { held: { requestsPerMinute: null } } });
    await slow.answerAll();
    expect(slow.sent()).toBe(1);
    paced.run.steering!.resume();
    await settle();
    await slow.answerAll();
    await Promise.all(first);

    const budgeted = openRecorded({ budget: { tokens: 100 } });
    const dear = heldModel();
    const second = [ask(budgeted.run, dear.model, 1), ask(budgeted.run, dear.model, 2)];
    await settle();
    expect(dear.sent()).toBe(1);
    budgeted.run.steering!.pause();
    await dear.answerAll();
    expect(dear.sent()).toBe(1);
    budgeted.run.steering!.resume();
    await settle();
    await dear.answerAll();
    await Promise.all(second);

    const free = openRecorded();
    free.run.steering!.pause();
    const own = { ...scriptedModel('Hi.'), free: true };
    const third = ask(free.run, own, 1);
    await settle();
    expect(own.calls).toHaveLength(0);
    free.run.steering!.resume();
    expect(await third).toBe('Hi.');
    await Promise.all([paced.run.close(), budgeted.run.close(), free.run.close()]);
  });

  test('can be aborted and closed', async () => {
    const { run, events } = openRecorded({ concurrency: 2 });
    const { model, sent, answerAll } = heldModel();
    const controller = new AbortController();
    run.steering!.pause();
    const calls = [1, 2, 3].map((call) => ask(run, model, call, controller.signal));
    await settle();
    controller.abort(new Error('enough'));
    for (const call of calls) await expect(call).rejects.toThrow('enough');
    let closed = false;
    run.steering!.onClose(() => {
      closed = true;
    });
    await run.close();
    await answerAll();
    expect(sent()).toBe(0);
    expect(closed).toBe(true);
    expect(run.steering!.pause()).toBe(false);
    expect(typesOf(events)).not.toContain('run-resumed');
  });
});

describe('a run that is retuned', () => {
  test('has more calls in flight, or fewer, at once', async () => {
    const { run, events } = openRecorded({ concurrency: 1 });
    const { model, inFlight, answerAll } = heldModel();
    const answers = Array.from({ length: 40 }, (_, call) => ask(run, model, call));
    await settle();
    expect(inFlight()).toBe(1);
    run.steering!.retune({ concurrency: 8 });
    expect(run.concurrency).toBe(8);
    // The pacer begins with few calls in flight and looks again every few milliseconds.
    await expect.poll(inFlight).toBe(8);
    run.steering!.retune({ concurrency: 3 });
    await answerAll();
    expect(inFlight()).toBe(3);
    run.steering!.retune({ concurrency: 40 });
    while (run.stats().calls < 40) await answerAll();
    await Promise.all(answers);
    const [retuned] = events.filter(({ type }) => type === 'run-retuned');
    expect(retuned).toMatchObject({ before: { concurrency: 1 }, after: { concurrency: 8 } });
    await run.close();
  });

  test('has another budget: calls that wait for room go on, and a lower one ends the work', async () => {
    const { run } = openRecorded({ budget: { tokens: 100 } });
    const { model, sent, answerAll } = heldModel();
    const answers = [1, 2].map((call) => ask(run, model, call));
    await settle();
    expect(sent()).toBe(1);
    run.steering!.retune({ budget: { tokens: 1_000 } });
    await settle();
    expect(sent()).toBe(2);
    await answerAll();
    await Promise.all(answers);
    expect(run.steering!.retune({ budget: { tokens: 5 } }).budget).toEqual({ usd: null, tokens: 5 });
    await expect(ask(run, model, 3)).rejects.toThrow(BudgetExceededError);
    expect(run.steering!.retune({ budget: { tokens: null } }).budget.tokens).toBeNull();
    const last = ask(run, model, 4);
    await settle();
    await answerAll();
    expect(await last).toBe('Hi.');
    await run.close();
  });

  test('changes all or nothing, and says what is wrong', async () => {
    const { run, events } = openRecorded({ concurrency: 4 });
    run.model(heldModel().model);
    const before = run.steering!.settings;
    expect(before).toEqual({
      concurrency: 4,
      budget: { usd: null, tokens: null },
      limits: { held: { requestsPerMinute: null, tokensPerMinute: null } },
    });
    const { steering } = run;
    expect(() => steering!.retune({ concurrency: 0 })).toThrow(/concurrency/);
    expect(() => steering!.retune({ concurrency: 9, budget: { usd: 3 } })).toThrow(/prices\["held"\]/);
    expect(() => steering!.retune({ concurrency: 9, limits: { hold: {} } })).toThrow(/no model "hold".*held/);
    expect(() => steering!.retune({ limits: { held: { requestsPerMinute: -1 } } })).toThrow(
      /requestsPerMinute/,
    );
    expect(steering!.settings).toEqual(before);
    expect(events).toEqual([]);
    await run.close();
  });
});
