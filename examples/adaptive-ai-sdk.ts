/**
 * A chat in the AI SDK that adapts to its user: streamed, with a tool, and with preferences kept in a file. Run it
 * again: it remembers.
 *
 *   OPENAI_API_KEY=... npx tsx examples/adaptive-ai-sdk.ts
 *
 * OPENAI_BASE_URL and MODEL select any compatible server and model.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { isStepCount, type ModelMessage, streamText, tool, wrapLanguageModel } from 'ai';
import { adaptiveMiddleware, type PreferenceStore } from 'aloe-align/adaptive';
import * as z from 'zod';

if (!process.env.OPENAI_API_KEY) {
  console.error('Set OPENAI_API_KEY, and OPENAI_BASE_URL for a server of your own (any key will do there).');
  process.exit(1);
}

/** One file for each user. In production, this is your database. */
const dir = 'runs/adaptive-ai-sdk';
const store: PreferenceStore = {
  async get(userId) {
    const text = await readFile(`${dir}/${userId}.json`, 'utf8').catch(() => undefined);
    return text && JSON.parse(text);
  },
  async set(userId, preferences) {
    await mkdir(dir, { recursive: true });
    await writeFile(`${dir}/${userId}.json`, JSON.stringify(preferences));
  },
};

const provider = createOpenAICompatible({
  name: 'openai',
  baseURL: process.env.OPENAI_BASE_URL ?? 'https://api.openai.com/v1',
  apiKey: process.env.OPENAI_API_KEY,
  supportsStructuredOutputs: true,
});
const model = wrapLanguageModel({
  model: provider.chatModel(process.env.MODEL ?? 'gpt-4o-mini'),
  middleware: adaptiveMiddleware({
    store,
    onEvent(event) {
      if (event.type === 'preferences-inferred')
        console.log(`  noted: ${event.preferences.join('; ') || '–'}`);
      else console.log(`  ${event.type}: ${event.error}`);
    },
  }),
});

console.log(`known before: ${(await store.get('ann'))?.join('; ') ?? '–'}`);
const messages: ModelMessage[] = [];
for (const content of ['keep it short, im on a night shift', 'no emoji pls. what time is it?']) {
  messages.push({ role: 'user', content });
  console.log(`user: ${content}`);
  const result = streamText({
    model,
    messages,
    tools: {
      clock: tool({
        description: 'The time.',
        inputSchema: z.object({}),
        execute: () => new Date().toString(),
      }),
    },
    stopWhen: isStepCount(3),
    providerOptions: { aloe: { userId: 'ann' } },
  });
  let reply = 'model: ';
  for await (const chunk of result.textStream) reply += chunk;
  console.log(reply);
  messages.push(...(await result.response).messages);
}
