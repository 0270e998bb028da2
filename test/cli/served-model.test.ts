import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { namedModel } from '../../src/cli/choose-model.ts';
import { namedRole } from '../../src/cli/role-model.ts';
import type { ConfigModel } from '../../src/config/config.ts';
import { openModel } from '../../src/config/open-model.ts';
import type { ChatTemplateKwargs } from '../../src/models/chat-template-kwargs.ts';
import { type ChatServer, startChatServer } from '../models/chat-server.ts';

let server: ChatServer;
beforeEach(async () => {
  server = await startChatServer();
});
afterEach(() => server.close());

async function ask(named: ConfigModel | undefined): Promise<string> {
  const { model } = await openModel(named);
  const place = { task: 'evaluation', subject: 'ann', turn: 1, role: 'judge' } as const;
  return (await model.generate({ messages: [{ role: 'user', content: 'Hi' }] }, { place })).text;
}

/** The config, and the flags of both kinds, that say the same of a model. */
const ways = (options: {
  readonly timeoutMs?: number;
  readonly promptCache?: 'key';
  readonly chatTemplateKwargs?: ChatTemplateKwargs;
}) => {
  const { timeoutMs, promptCache, chatTemplateKwargs } = options;
  const flags = (prefix: string) => ({
    [`${prefix}model`]: 'm',
    [`${prefix}base-url`]: server.baseUrl,
    ...(timeoutMs !== undefined && { [`${prefix}timeout-ms`]: String(timeoutMs) }),
    ...(promptCache !== undefined && { [`${prefix}prompt-cache`]: promptCache }),
    ...(chatTemplateKwargs !== undefined && {
      [`${prefix}chat-template-kwargs`]: JSON.stringify(chatTemplateKwargs),
    }),
  });
  return [
    { model: 'm', baseUrl: server.baseUrl, ...options },
    { model: `openai-compatible:m@${server.baseUrl}`, ...options },
    namedModel(flags('')),
    namedRole('judge', flags('judge-')),
  ];
};

describe('what a config and flags say of a model on a server', () => {
  test('the time limit of a call ends a call that is not answered', async () => {
    server.answer = () => undefined;
    for (const named of ways({ timeoutMs: 20 })) {
      await expect(ask(named)).rejects.toThrow('did not answer in time. Raise timeoutMs');
    }
  });

  test('the prompt cache is named in each request, and only if asked for', async () => {
    for (const named of ways({ promptCache: 'key' })) {
      await ask(named);
      expect(server.seen.at(-1)?.body).toHaveProperty('prompt_cache_key');
    }
    for (const named of ways({})) {
      await ask(named);
      expect(server.seen.at(-1)?.body).not.toHaveProperty('prompt_cache_key');
    }
  });

  test('a model in batches is one that hosts can gather calls for', async () => {
    const flags = { model: 'm', 'base-url': server.baseUrl };
    const all = { 'judge-model': 'm', 'judge-base-url': server.baseUrl, 'judge-batch': true };
    for (const named of [namedModel({ ...flags, batch: true }), namedRole('judge', all)]) {
      expect((await openModel(named)).model.inBatches).toBeTypeOf('function');
    }
    expect((await openModel(namedModel(flags))).model.inBatches).toBeUndefined();
  });

  test("variables of the chat template are sent, and part of the model's id", async () => {
    const chatTemplateKwargs = { enable_thinking: false };
    for (const named of ways({ chatTemplateKwargs })) {
      await ask(named);
      expect(server.seen.at(-1)?.body).toMatchObject({ chat_template_kwargs: chatTemplateKwargs });
      expect((await openModel(named)).model.id).toBe('m:template={"enable_thinking":false}');
    }
    for (const named of ways({})) {
      await ask(named);
      expect(server.seen.at(-1)?.body).not.toHaveProperty('chat_template_kwargs');
    }
  });

  test.each([
    [
      { 'judge-model': 'm', 'judge-chat-template-kwargs': '{enable_thinking}' },
      'Option "judge-chat-template-kwargs": expected JSON',
    ],
    [{ 'judge-model': 'm', 'judge-timeout-ms': '0' }, 'Option "judge-timeout-ms": expected a number from 1'],
    [{ 'judge-model': 'm', 'judge-timeout-ms': 'an hour' }, 'Option "judge-timeout-ms": expected a number'],
    [
      { 'judge-model': 'm', 'judge-prompt-cache': 'keys' },
      'Option "judge-prompt-cache": expected one of "none"',
    ],
    [{ 'judge-timeout-ms': '5' }, 'a model name (required with --judge-timeout-ms)'],
    [{ 'judge-batch': true }, 'a model name (required with --judge-batch)'],
    [{ 'judge-prompt-cache': 'key' }, 'a model name (required with --judge-prompt-cache)'],
  ])('%j is refused', (flags, message) => {
    expect(() => namedRole('judge', flags)).toThrow(message);
  });

  test('a model in this process has neither; one of an AI SDK provider has a time limit', async () => {
    for (const option of [{ timeoutMs: 5 }, { promptCache: 'key' as const }]) {
      const refused = openModel({ model: 'gguf:a.gguf', ...option });
      await expect(refused).rejects.toThrow(
        `Option "model.${Object.keys(option)[0]}": expected no value for`,
      );
    }
    const model = 'ai-sdk:@ai-sdk/nothing:m';
    await expect(openModel({ model, promptCache: 'key' })).rejects.toThrow('"model.promptCache"');
    await expect(openModel({ model, timeoutMs: 5 })).rejects.toThrow('needs the package "@ai-sdk/nothing"');
  });
});
