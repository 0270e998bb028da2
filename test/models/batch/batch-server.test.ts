import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BatchServer, startBatchServer } from './batch-server.ts';

/** The official client proves that the server of these tests speaks the real protocol. */
let server: BatchServer;
let client: OpenAI;
beforeAll(async () => {
  server = await startBatchServer();
  client = new OpenAI({ baseURL: server.baseUrl, apiKey: 'sk-test', maxRetries: 0 });
});
afterAll(() => server.close());

const row = (id: string, content = 'Hi') => ({
  custom_id: id,
  method: 'POST',
  url: '/v1/chat/completions',
  body: { model: 'tiny', messages: [{ role: 'user', content }] },
});

async function submit(rows: readonly object[]): Promise<OpenAI.Batch> {
  const lines = rows.map((each) => JSON.stringify(each)).join('\n');
  const file = await client.files.create({
    file: await toFile(Buffer.from(lines), 'in.jsonl'),
    purpose: 'batch',
  });
  return client.batches.create({
    input_file_id: file.id,
    endpoint: '/v1/chat/completions',
    completion_window: '24h',
    metadata: { note: 'mine' },
  });
}

test('the official client submits a batch, polls it, and reads its output', async () => {
  const { id, status } = await submit([row('a', 'One'), row('b', 'Two')]);
  expect(status).toBe('validating');
  expect((await client.batches.retrieve(id)).status).toBe('in_progress');
  const done = await client.batches.retrieve(id);
  expect(done).toMatchObject({ status: 'completed', request_counts: { total: 2, completed: 2, failed: 0 } });
  const output = await (await client.files.content(done.output_file_id!)).text();
  const lines = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map((line) => [line.custom_id, line.response.body.choices[0].message.content])).toEqual([
    ['a', 'Reply to: One'],
    ['b', 'Reply to: Two'],
  ]);
});

test('it lists batches with their metadata, page by page', async () => {
  const ids = new Set<string>();
  for (let count = 0; count < 5; count++) ids.add((await submit([row('a')])).id);
  const listed: string[] = [];
  for await (const batch of client.batches.list({ limit: 2 })) {
    if (ids.has(batch.id)) listed.push(batch.id);
    expect(batch.metadata).toEqual({ note: 'mine' });
  }
  expect(new Set(listed)).toEqual(ids);
  expect(listed).toHaveLength(5);
});

test('it cancels a batch, and is refused once the batch has ended', async () => {
  const { id } = await submit([row('a')]);
  expect((await client.batches.cancel(id)).status).toBe('cancelling');
  expect((await client.batches.retrieve(id)).status).toBe('cancelled');
  await expect(client.batches.cancel(id)).rejects.toMatchObject({ status: 409 });
});

test('a batch with the same id twice fails its validation', async () => {
  const { id } = await submit([row('a'), row('a')]);
  expect(await client.batches.retrieve(id)).toMatchObject({
    status: 'failed',
    errors: { data: [{ code: 'duplicate_custom_id' }] },
  });
});
