import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { teach } from '../cli/teacher-server.ts';
import { type ChatServer, completion, send, startChatServer } from '../models/chat-server.ts';
import { type InstalledPackage, installPackage } from './package/installed-package.ts';

const modules = (path: string) => fileURLToPath(new URL(`../../node_modules/${path}`, import.meta.url));
/** The install script of the package `bun` moves it, where it may run. */
const unmoved = modules(`@oven/bun-${process.platform}-${process.arch}/bin/bun`);
const bun = existsSync(unmoved) ? unmoved : modules('bun/bin/bun.exe');

let project: InstalledPackage;
let server: ChatServer;
beforeAll(async () => {
  project = await installPackage();
  server = await startChatServer((body, response, { url }) => {
    if (url?.endsWith('/embeddings')) {
      const data = (body.input as string[]).map((text, index) => ({
        index,
        embedding: [text.length, 1, 2],
      }));
      return send(response, { data, model: 'any', usage: { prompt_tokens: 2, total_tokens: 2 } });
    }
    switch (body.model) {
      case 'teacher':
        return send(response, completion(teach(body)));
      case 'good':
        return send(response, completion('Schöne Grüße 🌧'));
      case 'refused':
        return send(response, { error: { message: 'no such model', code: 'model_not_found' } }, 404);
      case 'moved':
        response.writeHead(302, { location: `${server.baseUrl}/elsewhere` });
        return response.end();
      case 'zipped':
        response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
        return response.end(gzipSync(JSON.stringify(completion('hidden'))));
      case 'large':
        return send(response, completion('a'.repeat(17 * 2 ** 20)));
    }
  });
});
afterAll(async () => {
  await server?.close();
  await project?.remove();
});

/** What the program prints. */
async function run(command: string, dir: string): Promise<unknown> {
  const { stdout, stderr } = await project.run(command, ['other-runtime.ts', server.baseUrl, dir]);
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

test('Bun runs models, embedders, journal and report as Node does', async () => {
  expect(existsSync(bun)).toBe(true);
  const inNode = await run(process.execPath, 'runs/node');
  expect(inNode).toMatchObject({
    talks: { good: [{ text: 'Schöne Grüße 🌧' }, { text: 'Schöne Grüße 🌧' }], moved: [{ status: 302 }, {}] },
    replayed: { calls: 0, same: true },
    conflict: 'run-conflict',
    events: ['journal-recovered'],
  });
  expect(await run(bun, 'runs/bun')).toEqual(inNode);
});
