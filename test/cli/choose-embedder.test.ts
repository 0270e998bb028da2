import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PersonaPool } from '../../src/personas/persona-pool.ts';
import { type Answer, type ChatServer, send } from '../models/chat-server.ts';
import { runAloe } from './run-program.ts';
import { startTeacherServer } from './teacher-server.ts';

const SMALL = ['--profiles', '2', '--personas', '1', '--turns', '2', '--cases', '1'];

describe('the embedder of aloe quickstart', { timeout: 120_000 }, () => {
  let folder: string;
  let server: ChatServer;
  let answer: Answer;

  const quickstart = (out: string, ...more: string[]) =>
    runAloe([
      'quickstart',
      ...['--model', 'tiny', '--base-url', server.baseUrl],
      ...['--out', join(folder, out), ...SMALL, ...more],
    ]);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aloe-embedder-'));
    server = await startTeacherServer();
    answer = server.answer;
  });
  afterAll(async () => {
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('can be lexical: no package, no weights, and a threshold of its own', async () => {
    const { code, stderr } = await quickstart('lexical', '--embedder', 'lexical', '--offline');
    expect(code).toBe(0);
    expect(stderr).toContain('embedder lexical:v1');
    const { growth } = await PersonaPool.read(join(folder, 'lexical', 'personas.json'));
    expect(growth).toMatchObject({
      embedder: 'lexical:v1',
      similarityThreshold: { profiles: 0.5, personalities: 0.5 },
    });
  });

  test('can be a model on a server of its own', async () => {
    server.answer = (body, response, request) => {
      if (request.url !== '/v1/embeddings') return answer(body, response, request);
      const input = body.input as readonly string[];
      const data = input.map((text, index) => ({ index, embedding: [text.length % 7, 1, index + 1] }));
      send(response, { data });
    };
    const own = ['--embedder', 'openai:small:latest', '--embedder-base-url', server.baseUrl];
    const { code, stderr } = await quickstart('served', ...own, '--embedder-dimensions', '3');
    expect(code).toBe(0);
    expect(stderr).toContain('embedder openai:small:latest:3');
    const asked = server.seen.filter(({ path }) => path === '/v1/embeddings');
    expect(asked.length).toBeGreaterThan(0);
    expect(asked[0]!.body.model).toBe('small:latest');
  });

  test.each([
    [['--embedder', 'minilm'], 'expected lexical, transformers or openai:MODEL, got "minilm"'],
    [['--embedder', 'openai:'], 'expected lexical, transformers or openai:MODEL, got "openai:"'],
    [['--embedder-base-url', 'http://localhost:1/v1'], 'expected openai:MODEL (required with'],
    [
      ['--embedder', 'lexical', '--embedder-key-env', 'KEY'],
      '(required with a base URL, key or dimensions), got "lexical"',
    ],
  ])('is refused before any call: %j', async (words, message) => {
    const calls = server.seen.length;
    const { code, stderr } = await quickstart('refused', ...words);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(server.seen.length).toBe(calls);
  });

  test('all that is missing is named at once, before any call', async () => {
    const calls = server.seen.length;
    const { code, stderr } = await quickstart(
      'missing',
      ...['--embedder', 'openai:text-embedding-3-small', '--judge-model', 'gpt-4o'],
    );
    expect(code).toBe(2);
    expect(stderr).toBe(
      '\nError: Missing:\n' +
        '  - a key: gpt-4o is at OpenAI, and the environment variable OPENAI_API_KEY is not set\n' +
        '  - a key: text-embedding-3-small is at OpenAI, and the environment variable OPENAI_API_KEY is not set\n\n',
    );
    expect(server.seen.length).toBe(calls);
  });
});
