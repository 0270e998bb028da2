import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InvalidFileError } from '../../src/errors.ts';
import type { ChatRequest } from '../../src/models/chat-model.ts';
import {
  readRecording,
  recordModel,
  replayModel,
  saveRecording,
  scriptedModel,
} from '../../src/testing/index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-recording-'));
});
afterAll(() => rm(folder, { recursive: true }));

const request = (content: string, more: Partial<ChatRequest> = {}): ChatRequest => ({
  messages: [{ role: 'user', content }],
  ...more,
});

async function recordThree() {
  const model = recordModel(scriptedModel(['one', 'two\u2028three', 'four'], { id: 'real' }));
  for (const content of ['a', 'b', 'a'])
    await model.generate(request(content, { seed: undefined, temperature: 0 }));
  return model.recording;
}

describe('a recording', () => {
  test('replays what a model answered, also from a file', async () => {
    const recording = await recordThree();
    const path = join(folder, 'calls.jsonl');
    await saveRecording(recording, path);
    for (const calls of [recording, await readRecording(path)]) {
      const replay = replayModel(calls);
      expect(replay.id).toBe('real');
      const texts = [];
      for (const content of ['b', 'a', 'a', 'a']) {
        texts.push((await replay.generate(request(content, { temperature: 0 }))).text);
      }
      expect(texts).toEqual(['two\u2028three', 'one', 'four', 'four']);
    }
  });

  test('keeps usage and finish reason, and starts from its beginning in each replay', async () => {
    const recording = await recordThree();
    const responses = [];
    for (const replay of [replayModel(recording), replayModel(recording)]) {
      responses.push(await replay.generate(request('a', { temperature: 0 })));
    }
    expect(responses).toEqual([recording[0]!.response, recording[0]!.response]);
  });

  test('keeps what the server said about its limits, also in a file', async () => {
    const rateLimit = { requests: { limit: 500, remaining: 499, resetMs: 120 } };
    const model = recordModel(scriptedModel({ text: 'hi', rateLimit }));
    await model.generate(request('a'));
    const path = join(folder, 'limits.jsonl');
    await saveRecording(model.recording, path);
    const answer = await replayModel(await readRecording(path)).generate(request('a'));
    expect(answer).toMatchObject({ text: 'hi', rateLimit });
  });

  test('holds no call that failed', async () => {
    const model = recordModel(scriptedModel([new Error('boom'), 'hi']));
    await expect(model.generate(request('a'))).rejects.toThrow('boom');
    await model.generate(request('a'));
    expect(model.recording.map(({ response }) => response.text)).toEqual(['hi']);
  });

  test('has no answer to another request, and shows which one', async () => {
    const replay = replayModel(await recordThree());
    await expect(replay.generate(request('c'))).rejects.toThrow(/not in the recording: "c"/);
    await expect(replay.generate(request('a', { temperature: 1 }))).rejects.toThrow(/not in the recording/);
    await expect(replayModel([]).generate(request('a'))).rejects.toThrow(/not in the recording/);
  });

  test('passes options on while it records, and heeds an abort while it replays', async () => {
    const model = scriptedModel('hi');
    const place = { task: 't', subject: 's', role: 'r' };
    await recordModel(model).generate(request('a'), { place });
    expect(model.calls[0]!.options).toEqual({ place });
    const reason = new Error('enough');
    const call = replayModel(await recordThree()).generate(request('b'), {
      signal: AbortSignal.abort(reason),
    });
    await expect(call).rejects.toBe(reason);
  });

  test.each([
    ['{"model":"m","request":{"messages":[]}}', /line 1 is not a recorded call/],
    [
      '{"model":"m","request":{"messages":"hi"},"response":{"text":"","finishReason":"stop","usage":{}}}',
      /line 1/,
    ],
    ['\nhello', /line 2 is not JSON/],
  ])('a file with something else in it is refused by its line: %s', async (content, message) => {
    const path = join(folder, 'damaged.jsonl');
    await writeFile(path, content);
    await expect(readRecording(path)).rejects.toThrow(InvalidFileError);
    await expect(readRecording(path)).rejects.toThrow(message);
  });
});
