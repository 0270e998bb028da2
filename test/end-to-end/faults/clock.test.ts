import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ConversationTreeBuilder } from '../../../src/conversations/conversation-tree-builder.ts';
import { ModelCallError } from '../../../src/errors.ts';
import { memoryRun, openRun, type Run } from '../../../src/runs/run.ts';
import type { ScriptedModel } from '../../../src/testing/scripted-model.ts';
import { beekeepers, cast } from '../../conversations/fakes.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-clock-'));
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(folder, { recursive: true });
});

const YEAR_MS = 365 * 86_400_000;

function play(run: Run, model: ScriptedModel) {
  const builder = new ConversationTreeBuilder({ run, roles: model, turns: 3, order: 'input' });
  return Array.fromAsync(builder.build(beekeepers(3)));
}

/** Each call meets another year, most of them an earlier one; some fail at first. */
function jumpingCast(): ScriptedModel {
  let calls = 0;
  const failed = new Set<number>();
  return cast({
    preferred: ({ seed }) => {
      calls += 1;
      vi.setSystemTime(new Date('2030-01-01').getTime() - calls * YEAR_MS + (calls % 3) * 2 * YEAR_MS);
      if (seed === undefined || seed % 3 > 0 || failed.has(seed)) return undefined;
      failed.add(seed);
      return new ModelCallError('m', 'busy.', { status: 503, retryable: true, retryAfterMs: 1 });
    },
  });
}

test('a clock that jumps back and forth changes neither the conversations nor what is replayed', async () => {
  const whole = await play(memoryRun({ seed: 7 }), cast());
  vi.useFakeTimers({ toFake: ['Date'] });
  const options = { seed: 7, retry: { retries: 2, baseDelayMs: 1 } };
  const run = await openRun(join(folder, 'run'), options);
  expect(await play(run, jumpingCast())).toEqual(whole);
  await run.close();

  vi.setSystemTime(new Date('1999-12-31'));
  const again = await openRun(join(folder, 'run'), options);
  const unused = cast();
  expect(await play(again, unused)).toEqual(whole);
  expect(unused.calls).toHaveLength(0);
  await again.close();
});
