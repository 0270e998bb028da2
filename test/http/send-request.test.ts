import type { Dispatcher } from 'undici';
import { expect, test } from 'vitest';
import { sendRequest } from '../../src/http/send-request.ts';

const REQUEST = { origin: 'http://x', path: '/', method: 'GET', headers: {}, body: null };

/** Answers with a body in chunks of one byte each, as chunked encoding allows. */
function oneByteChunks(count: number, onEnd: () => void): Dispatcher {
  const controller = {} as Dispatcher.DispatchController;
  function dispatch(_options: unknown, handler: Dispatcher.DispatchHandler): boolean {
    const bytes = Buffer.alloc(65_536, 'a');
    handler.onRequestStart?.(controller, undefined);
    handler.onResponseStart?.(controller, 200, {}, 'OK');
    for (let index = 0; index < count; index++) {
      handler.onResponseData?.(controller, bytes.subarray(index % 65_536, (index % 65_536) + 1));
    }
    onEnd();
    handler.onResponseEnd?.(controller, {});
    return true;
  }
  return { dispatch } as unknown as Dispatcher;
}

test('a body in chunks of one byte needs little more memory than its bytes', async () => {
  const before = process.memoryUsage().heapUsed;
  let atEnd = 0;
  const dispatcher = oneByteChunks(2_000_000, () => {
    atEnd = process.memoryUsage().heapUsed;
  });
  const { text } = await sendRequest(dispatcher, REQUEST);
  expect(text).toBe('a'.repeat(2_000_000));
  // An object for every chunk would need at least 100 bytes each.
  expect(atEnd - before).toBeLessThan(100_000_000);
});
