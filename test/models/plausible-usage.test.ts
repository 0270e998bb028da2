import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChatRequest, Usage } from '../../src/models/chat-model.ts';
import { paced } from '../../src/models/pacing/paced.ts';
import { createPacer } from '../../src/models/pacing/pacer.ts';
import { plausibleUsage } from '../../src/models/plausible-usage.ts';
import { memoryRun } from '../../src/runs/run.ts';
import { scriptedModel } from '../../src/testing/scripted-model.ts';

const request: ChatRequest = { messages: [{ role: 'user', content: 'Hello!' }], maxOutputTokens: 300 };

const lying = (usage: unknown) => scriptedModel({ text: 'Hi.', usage: usage as Usage });

function reported(usage: unknown, asked = request): Promise<Usage> {
  return plausibleUsage(lying(usage))
    .generate(asked)
    .then((response) => response.usage);
}

const HUGE = { inputTokens: 9e15, cachedInputTokens: 9e15, outputTokens: 1e308 };

describe('the usage that a model reports', () => {
  test('is believed as long as it can be true, hidden reasoning and a long system prompt included', async () => {
    const usage = { inputTokens: 8_000, cachedInputTokens: 7_168, outputTokens: 16_000 };
    expect(await reported(usage)).toEqual(usage);
    const unlimited = { ...usage, outputTokens: 128_000 };
    expect(await reported(unlimited, { messages: request.messages })).toEqual(unlimited);
  });

  test('is limited by the bytes sent and received', async () => {
    const usage = await reported(HUGE);
    expect(usage.inputTokens).toBeLessThan(10_000);
    expect(usage.cachedInputTokens).toBe(usage.inputTokens);
    expect(usage.outputTokens).toBeLessThan(20_000);
    const long = { messages: [{ role: 'user' as const, content: '字'.repeat(100_000) }] };
    const count = { inputTokens: 300_000, cachedInputTokens: 0, outputTokens: 1 };
    expect(await reported(count, long)).toEqual(count);
  });

  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, '7', null, undefined, {}])(
    'counts as 0 if it is %s',
    async (count) => {
      const usage = { inputTokens: count, cachedInputTokens: count, outputTokens: count };
      expect(await reported(usage)).toEqual({ inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 });
    },
  );

  test('is whole, finite and never negative, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything(), fc.anything(), fc.anything(), async (input, cached, output) => {
        const { inputTokens, cachedInputTokens, outputTokens } = await reported({
          inputTokens: input,
          cachedInputTokens: cached,
          outputTokens: output,
        });
        for (const count of [inputTokens, cachedInputTokens, outputTokens]) {
          expect(Number.isSafeInteger(count) && count >= 0 && count < 1e6).toBe(true);
        }
        expect(cachedInputTokens).toBeLessThanOrEqual(inputTokens);
      }),
    );
  });
});

describe('a usage that cannot be true', () => {
  test('does not use up the budget of a run', async () => {
    const run = memoryRun({
      budget: { tokens: 1e6, usd: 100 },
      prices: { scripted: { input: 5, output: 25 } },
    });
    const model = run.model(lying(HUGE));
    for (const subject of ['a', 'b', 'c']) {
      await model.generate(request, { place: { task: 'test', subject, role: 'speaker' } });
    }
    const { usage, usd } = run.stats().spending;
    expect(usage.outputTokens).toBe(run.stats().usage.outputTokens);
    expect(usage.inputTokens + usage.outputTokens).toBeLessThan(100_000);
    expect(usd).toBeLessThan(2);
    await run.close();
  });

  test.each(['a run', 'a paced model'])('does not stop the calls of %s for years', async (what) => {
    const bare = lying(HUGE);
    const tokensPerMinute = 1e9;
    const model =
      what === 'a run'
        ? memoryRun({ limits: { scripted: { tokensPerMinute } } }).model(bare)
        : paced(bare, createPacer({ tokensPerMinute }));
    // At this rate 30,000 tokens are 2 ms, and 1e308 tokens are longer than any test.
    for (const subject of ['a', 'b', 'c']) {
      await model.generate(request, { place: { task: 'test', subject, role: 'speaker' } });
    }
    expect(bare.calls).toHaveLength(3);
  });
});
