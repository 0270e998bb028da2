import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Sends one prompt and reads the whole response. */
export type Send = (prompt: string, number: number) => Promise<unknown>;

export interface Contender {
  readonly send: Send;
  close(): Promise<void>;
}

export type ContenderName = 'aloe-align' | 'undici' | 'openai' | 'ai';

export const CONTENDERS: readonly ContenderName[] = ['aloe-align', 'undici', 'openai', 'ai'];

type Open = (baseUrl: string, concurrency: number) => Promise<Contender>;

const SETTINGS = { temperature: 0.7, maxOutputTokens: 400 };
const stays = async (): Promise<void> => {};

/** Packages are imported on opening, so that a process holds only the contender it measures. */
const openers: Record<ContenderName, Open> = {
  /** The full path: a run on disk with journal, concurrency limit and retries. */
  async 'aloe-align'(baseUrl, concurrency) {
    const { openaiCompatible } = await import('../src/models/openai-compatible.ts');
    const { openRun } = await import('../src/runs/run.ts');
    const folder = await mkdtemp(join(tmpdir(), 'aloe-bench-'));
    const run = await openRun(join(folder, 'run'), { concurrency });
    const model = run.model(openaiCompatible('bench', { baseUrl, maxSockets: concurrency }));
    return {
      send: (content, number) => {
        const place = { task: 'bench', subject: String(number), role: 'speaker' };
        return model.generate(
          { messages: [{ role: 'user', content }], ...SETTINGS, seed: run.seedFor(place) },
          { place },
        );
      },
      async close() {
        await run.close();
        await rm(folder, { recursive: true });
      },
    };
  },

  async undici(baseUrl, concurrency) {
    const { Pool } = await import('undici');
    const { origin, pathname } = new URL(`${baseUrl}/chat/completions`);
    const pool = new Pool(origin, { connections: concurrency });
    return {
      async send(content, number) {
        const { body } = await pool.request({
          path: pathname,
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: requestBody(content, number),
        });
        return await body.json();
      },
      close: stays,
    };
  },

  async openai(baseUrl) {
    const { default: OpenAI } = await import('openai');
    const client = new OpenAI({ baseURL: baseUrl, apiKey: 'none', maxRetries: 0 });
    return {
      send: (content, number) =>
        client.chat.completions.create({
          model: 'bench',
          messages: [{ role: 'user', content }],
          temperature: SETTINGS.temperature,
          max_tokens: SETTINGS.maxOutputTokens,
          seed: number,
        }),
      close: stays,
    };
  },

  async ai(baseUrl) {
    const { generateText } = await import('ai');
    const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
    const model = createOpenAICompatible({ name: 'bench', baseURL: baseUrl })('bench');
    return {
      send: (prompt, seed) => generateText({ model, prompt, ...SETTINGS, seed, maxRetries: 0 }),
      close: stays,
    };
  },
};

export function openContender(name: ContenderName, baseUrl: string, concurrency: number): Promise<Contender> {
  return openers[name](baseUrl, concurrency);
}

function requestBody(content: string, seed: number): string {
  return JSON.stringify({
    model: 'bench',
    messages: [{ role: 'user', content }],
    temperature: SETTINGS.temperature,
    max_tokens: SETTINGS.maxOutputTokens,
    seed,
  });
}
