import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openaiCompatible } from '../../../src/models/openai-compatible.ts';
import { freePort } from '../../../src/training/serving/free-port.ts';
import { serveModel } from '../../../src/training/serving/serve-model.ts';

const SMALL_SERVER = fileURLToPath(new URL('small-server.ts', import.meta.url));
const SERVE_AND_DIE = fileURLToPath(new URL('serve-and-die.ts', import.meta.url));
const SERVER = [process.execPath, SMALL_SERVER, '{model}', '{port}'];

let folder: string;
let model: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aloe serve's $(touch pwned) "));
  model = join(folder, 'model');
  await mkdir(model);
  await writeFile(join(model, 'config.json'), '{}');
  await writeFile(join(model, 'model.safetensors'), 'weights');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function isUp(baseUrl: string): Promise<boolean> {
  return fetch(new URL('/health', baseUrl)).then(
    ({ ok }) => ok,
    () => false,
  );
}

test('a model is served under its path until it is closed', async () => {
  const served = await serveModel(model, { command: SERVER });
  const { model: name, baseUrl, revision } = served;
  expect(name).toBe(model);
  expect(revision).toMatch(/^[0-9a-f]{8}$/);
  const { text } = await openaiCompatible(name, { baseUrl, revision }).generate({
    messages: [{ role: 'user', content: 'Who are you?' }],
  });
  expect(text).toBe(`I am ${model}`);

  await served.close();
  await served.close();
  expect(await isUp(baseUrl)).toBe(false);
});

test('the server gets no key unless it is named, and none that it prints is shown', async () => {
  vi.stubEnv('A_KEY', 'abcdefgh12345678');
  const printed: string[] = [];
  const without = await serveModel(model, { command: SERVER, onOutput: (text) => printed.push(text) });
  await without.close();
  expect(printed.join('')).toBe(`serving ${model} with the key none\n`);

  const { registerSecret } = await import('../../../src/redact.ts');
  registerSecret('abcdefgh12345678');
  const given = await serveModel(model, { command: SERVER, passEnv: ['A_KEY'] });
  await given.close();
  expect(given.log()).toBe(`serving ${model} with the key [redacted]\n`);
});

test('a server that fails is told with the end of its output', async () => {
  const command = [
    process.execPath,
    '-e',
    'console.error("out of memory"); process.exit(3)',
    '{model}{port}',
  ];
  await expect(serveModel(model, { command })).rejects.toThrow(
    /ended with 3 before it answered\.\nout of memory/,
  );
  const missing = serveModel(model, { command: ['/no/such/program', '{model}', '{port}'] });
  await expect(missing).rejects.toThrow(/ended with 127[\s\S]*Install the program/);
});

test('a server that does not get ready in time is ended', async () => {
  const command = [process.execPath, SMALL_SERVER, 'never', '{port}', '{model}'];
  const port = await freePort(0);
  await expect(serveModel(model, { command, port, startTimeoutMs: 1_500 })).rejects.toThrow('did not answer');
  await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow('fetch failed');
});

test('an abort ends the server, while it starts and while it runs', async () => {
  const early = new AbortController();
  const starting = serveModel(model, { command: SERVER, signal: early.signal });
  early.abort(new Error('enough'));
  await expect(starting).rejects.toThrow('enough');

  const later = new AbortController();
  const { baseUrl } = await serveModel(model, { command: SERVER, signal: later.signal });
  later.abort();
  await vi.waitUntil(async () => !(await isUp(baseUrl)), { timeout: 20_000 });
});

test.each([
  ['the server', []],
  ['a server that ignores SIGTERM', ['stubborn']],
] as const)(
  '%s ends when its process is killed',
  async (_, words) => {
    const baseUrl = await new Promise<string>((resolve) => {
      const command = [SERVE_AND_DIE, model, ...SERVER, ...words];
      execFile(process.execPath, command, (_error, stdout) => resolve(stdout));
    });
    expect(baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
    await vi.waitUntil(async () => !(await isUp(baseUrl)), { timeout: 60_000 });
  },
  120_000,
);

test('options that are wrong are told before anything starts', async () => {
  await expect(serveModel(join(folder, 'none'), { command: SERVER })).rejects.toThrow('the path of a model');
  await expect(serveModel(folder)).rejects.toThrow('a directory with a config.json');
  await expect(serveModel(model, { command: ['vllm', 'serve', '{model}'] })).rejects.toThrow(
    '{model} and {port}',
  );
  await expect(serveModel(model, { comand: SERVER } as never)).rejects.toThrow('Did you mean "command"?');
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as { readonly port: number };
  await expect(serveModel(model, { command: SERVER, port })).rejects.toThrow('a port that is free');
  other.close();
});

test('an adapter is refused by the default server, with the directory to serve instead', async () => {
  const adapter = join(folder, 'adapter');
  await mkdir(adapter);
  await writeFile(join(adapter, 'adapter_config.json'), '{}');
  await expect(serveModel(adapter)).rejects.toThrow('Serve the complete weights');
});
