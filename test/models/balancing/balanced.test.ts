import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { InvalidOptionError, ModelCallError } from '../../../src/errors.ts';
import { balanceCalls } from '../../../src/models/balancing/balance-calls.ts';
import { balanced } from '../../../src/models/balancing/balanced.ts';
import type { CallOptions, ChatModel, ChatResponse } from '../../../src/models/chat-model.ts';
import { openaiCompatible } from '../../../src/models/openai-compatible.ts';
import type { CallPlace } from '../../../src/models/place.ts';

const REQUEST = { messages: [{ role: 'user', content: 'Hi' }] } as const;

/** A server under the test's control: it holds every call until told to answer or to fail. */
class FakeServer {
  readonly model: ChatModel;
  readonly open: { readonly options: CallOptions; answer(): void; fail(error: unknown): void }[] = [];
  calls = 0;
  /** Fails every call at once. */
  down: unknown;

  constructor(name: string, id = 'm') {
    this.model = {
      id,
      server: { address: name, stable: false },
      generate: (_, options = {}) => {
        this.calls += 1;
        if (this.down !== undefined) return Promise.reject(this.down);
        return new Promise<ChatResponse>((resolve, reject) => {
          const call = {
            options,
            answer: () => {
              this.open.splice(this.open.indexOf(call), 1);
              resolve(said(name));
            },
            fail: (error: unknown) => {
              this.open.splice(this.open.indexOf(call), 1);
              reject(error);
            },
          };
          this.open.push(call);
        });
      },
    };
  }

  answerAll(): void {
    for (const call of [...this.open]) call.answer();
  }
}

function said(text: string): ChatResponse {
  return {
    text,
    finishReason: 'stop',
    usage: { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1 },
  };
}

const unreachable = (name: string) =>
  new ModelCallError(`m at ${name}`, 'the server cannot be reached.', { retryable: true });

const inConversation = (name: string, turn = 1, more: Partial<CallPlace> = {}) => ({
  place: { task: 'conversations', subject: name, turn, role: 'judge', ...more },
});

let servers: FakeServer[];
let model: ChatModel;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  servers = ['gpu1', 'gpu2', 'gpu3'].map((name) => new FakeServer(name));
  model = balanced(servers.map((server) => server.model));
});
afterEach(() => {
  vi.useRealTimers();
});

/** One call, answered at once. Gives the server's name. */
async function call(options?: CallOptions): Promise<string> {
  const calling = model.generate(REQUEST, options);
  calling.catch(() => {});
  // It may go to one server after another.
  for (const _ of servers) await new Promise(setImmediate);
  for (const server of servers) server.answerAll();
  return (await calling).text;
}

describe('one model on several servers', () => {
  test('has the id of each, and all their addresses', () => {
    expect(model.id).toBe('m');
    expect(model.server).toEqual({ address: 'gpu1, gpu2, gpu3', stable: false });
    expect(model.replicas).toHaveLength(3);
    expect(model.free).toBeUndefined();
  });

  test('has no server to ask about if every model has a revision', () => {
    const replicas = [1, 2].map((port) =>
      openaiCompatible('m', { baseUrl: `http://127.0.0.1:${port}/v1`, revision: 'r2' }),
    );
    expect(balanced(replicas).server).toBeUndefined();
    expect(balanced(replicas).id).toBe('m@r2');
  });

  test('must be one model: the error says which differs from which', () => {
    const differing = () => balanced([new FakeServer('gpu1').model, new FakeServer('gpu2', 'm@r2').model]);
    expect(differing).toThrow(InvalidOptionError);
    expect(differing).toThrow(/"models\[1\]": expected the model "m", as the first one, got "m@r2"/);
    expect(() => balanced([])).toThrow(/expected at least one model/);
  });

  test('is not made of models that call others', () => {
    const outer: ChatModel = { ...servers[0]!.model, mapModels: () => outer };
    expect(() => balanced([outer])).toThrow(/"models\[0\]": expected a model of one server/);
  });

  test('takes the servers of another list as its own', () => {
    expect(balanced([model, new FakeServer('gpu4').model]).replicas).toHaveLength(4);
  });
});

describe('which server gets a call', () => {
  test('a conversation and role stays where it is, turn after turn', async () => {
    for (let number = 0; number < 20; number++) {
      const homes = new Set<string>();
      for (let turn = 1; turn <= 10; turn++) homes.add(await call(inConversation(`c${number}`, turn)));
      expect(homes.size).toBe(1);
    }
  });

  test('conversations spread over all servers', async () => {
    const homes = new Set<string>();
    for (let number = 0; number < 20; number++) homes.add(await call(inConversation(`c${number}`)));
    expect(homes.size).toBe(3);
  });

  test('roles with one prompt share a server, whatever their place says', async () => {
    for (let number = 0; number < 20; number++) {
      const prompt = `c${number}/responder`;
      const preferred = await call(inConversation(`c${number}:p`, 2, { role: 'preferred', prompt }));
      expect(await call(inConversation(`c${number}:pr`, 3, { role: 'rejected', prompt }))).toBe(preferred);
    }
  });

  test('one conversation alone does not keep more than a quarter above the mean at its server', async () => {
    const calls = Array.from({ length: 60 }, (_, turn) => model.generate(REQUEST, inConversation('c', turn)));
    await Promise.resolve();
    for (const { open } of servers) expect(open.length).toBeLessThanOrEqual(26);
    expect(servers.reduce((sum, { open }) => sum + open.length, 0)).toBe(60);
    for (const server of servers) server.answerAll();
    await Promise.all(calls);
  });

  test('a slow server gets fewer calls', async () => {
    const [slow] = servers;
    const calls: Promise<unknown>[] = [];
    for (let number = 0; number < 300; number++) {
      calls.push(model.generate(REQUEST, inConversation(`c${number}`)));
      await Promise.resolve();
      for (const server of servers) if (server !== slow) server.answerAll();
      if (number % 10 === 0) slow!.open[0]?.answer();
    }
    expect(slow!.calls).toBeLessThan(60);
    for (const server of servers) server.answerAll();
    await Promise.all(calls);
  });

  test('calls without a place go where the fewest are outstanding', async () => {
    const calls = Array.from({ length: 9 }, () => model.generate(REQUEST));
    await Promise.resolve();
    expect(servers.map(({ open }) => open.length)).toEqual([3, 3, 3]);
    for (const server of servers) server.answerAll();
    await Promise.all(calls);
  });
});

describe('a server that does not answer', () => {
  test('costs no call: each goes to another at once', async () => {
    servers[0]!.down = unreachable('gpu1');
    for (let number = 0; number < 30; number++) {
      expect(await call(inConversation(`c${number}`))).not.toBe('gpu1');
    }
    expect(servers[0]!.calls).toBe(3);
  });

  test('is asked once a second, and has its conversations back when it answers', async () => {
    const homes = new Map<string, string>();
    for (let number = 0; number < 20; number++) {
      homes.set(`c${number}`, await call(inConversation(`c${number}`)));
    }
    servers[0]!.down = unreachable('gpu1');
    for (const name of homes.keys()) await call(inConversation(name));
    servers[0]!.calls = 0;
    for (let second = 1; second <= 3; second++) {
      vi.advanceTimersByTime(1_000);
      for (const name of homes.keys()) await call(inConversation(name));
      expect(servers[0]!.calls).toBe(second);
    }
    servers[0]!.down = undefined;
    vi.advanceTimersByTime(1_000);
    await call();
    for (const [name, home] of homes) expect(await call(inConversation(name))).toBe(home);
  });

  test('is not asked by a second call while the first is still waiting for its answer', async () => {
    servers[0]!.down = unreachable('gpu1');
    for (let number = 0; number < 20; number++) await call(inConversation(`c${number}`));
    servers[0]!.down = undefined;
    servers[0]!.calls = 0;
    vi.advanceTimersByTime(60_000);
    const calls = Array.from({ length: 10 }, () => model.generate(REQUEST));
    await Promise.resolve();
    expect(servers[0]!.calls).toBe(1);
    for (const server of servers) server.answerAll();
    await Promise.all(calls);
  });

  test('a single failure among answers is chance and moves one call only', async () => {
    for (let number = 0; number < 30; number++) {
      const calling = model.generate(REQUEST, inConversation('c'));
      await Promise.resolve();
      const home = servers.find(({ open }) => open.length > 0)!;
      if (number % 2 === 1) home.open[0]!.fail(unreachable('it'));
      await new Promise(setImmediate);
      for (const server of servers) server.answerAll();
      await calling;
    }
    expect(servers.map(({ calls }) => calls).sort((a, b) => a - b)).toEqual([0, 15, 30]);
  });

  test('none of them answering fails the call with the reason of each, as an error to be retried', async () => {
    for (const [index, server] of servers.entries()) server.down = unreachable(`gpu${index + 1}`);
    const calling = model.generate(REQUEST, inConversation('c'));
    await expect(calling).rejects.toThrow(/^m: none of its 3 servers answers \(.*gpu1.*gpu2.*gpu3.*\)$/s);
    await expect(calling).rejects.toMatchObject({ retryable: true, status: undefined });
  });

  test('none of them answering gives their advice once, after all reasons', async () => {
    for (const [index, server] of servers.entries()) {
      server.down = new ModelCallError(`m at gpu${index + 1}`, 'no connection.', {
        retryable: true,
        hint: 'Check it.',
      });
    }
    await expect(call()).rejects.toThrow(
      'm: none of its 3 servers answers (m at gpu1: no connection; m at gpu2: no connection; m at gpu3: no connection). Check it.',
    );
  });

  test('all of them away are asked no more often than once a second each', async () => {
    for (const server of servers) server.down = unreachable('it');
    for (let number = 0; number < 100; number++) await expect(call()).rejects.toThrow(/none of its/);
    expect(servers.map(({ calls }) => calls)).toEqual([3, 3, 3]);
    vi.advanceTimersByTime(1_000);
    for (let number = 0; number < 100; number++) await expect(call()).rejects.toThrow(/none of its/);
    expect(servers.map(({ calls }) => calls)).toEqual([4, 4, 4]);
    servers[1]!.down = undefined;
    vi.advanceTimersByTime(1_000);
    expect(await call()).toBe('gpu2');
  });

  test('a refused request is thrown at once and asked of nobody else', async () => {
    for (const status of [400, 401, 429]) {
      const refused = new ModelCallError('m', 'no', { status, retryable: status === 429 });
      for (const server of servers) server.down = refused;
      await expect(call(inConversation('c'))).rejects.toBe(refused);
    }
    expect(servers.reduce((sum, { calls }) => sum + calls, 0)).toBe(3);
  });

  test('calls move away from a server that only refuses, and come back when it answers', async () => {
    const refused = new ModelCallError('m', 'too many requests', { status: 429, retryable: true });
    const homeOf = await call(inConversation('c'));
    const home = servers.find(({ model: own }) => own.server?.address === homeOf)!;
    home.down = refused;
    for (let second = 0; second < 5; second++) {
      await expect(call(inConversation('c'))).rejects.toBe(refused);
      vi.advanceTimersByTime(1_000);
    }
    await expect(call(inConversation('c'))).rejects.toBe(refused);
    expect(await call(inConversation('c'))).not.toBe(homeOf);
    vi.advanceTimersByTime(4_999);
    expect(await call(inConversation('c'))).not.toBe(homeOf);
    vi.advanceTimersByTime(1);
    await expect(call(inConversation('c'))).rejects.toBe(refused);
    home.down = undefined;
    vi.advanceTimersByTime(60_000);
    expect(await call(inConversation('c'))).toBe(homeOf);
  });

  test('servers that all refuse are asked all the same', async () => {
    const refused = new ModelCallError('m', 'too many requests', { status: 429, retryable: true });
    for (const server of servers) server.down = refused;
    for (let second = 0; second < 60; second++) {
      await expect(call(inConversation('c'))).rejects.toBe(refused);
      vi.advanceTimersByTime(1_000);
    }
    expect(servers.every(({ calls }) => calls > 0)).toBe(true);
  });

  test('an abort ends the call and is no failure of the server', async () => {
    const controller = new AbortController();
    const calling = model.generate(REQUEST, { ...inConversation('c'), signal: controller.signal });
    await Promise.resolve();
    const home = servers.find(({ open }) => open.length > 0)!;
    controller.abort(new Error('enough'));
    home.open[0]!.fail(unreachable('it'));
    // Not with the failure: a run would take one of a single server for an answer of the model.
    await expect(calling).rejects.toThrow('enough');
    expect(servers.reduce((sum, { calls }) => sum + calls, 0)).toBe(1);
  });
});

test('calls that a server has not been sent yet move to the others when it goes away', async () => {
  // As a pacer would, it holds all but the first three calls.
  const holding: ChatModel = {
    id: 'm',
    generate: (_, { signal } = {}) => {
      held += 1;
      return held <= 3
        ? new Promise((_, reject) => setTimeout(() => reject(unreachable('gpu1')), 5))
        : new Promise((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason)));
    },
  };
  let held = 0;
  const left: unknown[] = [];
  const generate = balanceCalls('m', {
    servers: [
      { name: 'gpu1', model: holding },
      { name: 'gpu2', model: { id: 'm', generate: async () => said('gpu2') } },
    ],
    movesWaiting: true,
    onLeft: (server) => left.push(server),
  });
  const replies = await Promise.all(
    Array.from({ length: 40 }, (_, number) => generate(REQUEST, inConversation(`c${number}`))),
  );
  expect(held).toBeGreaterThan(3);
  expect(new Set(replies.map(({ text }) => text))).toEqual(new Set(['gpu2']));
  expect(left).toEqual(['gpu1']);
});
