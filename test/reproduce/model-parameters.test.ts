import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { modelParameters } from '../../src/reproduce/model-parameters.ts';

test.each([
  ['Qwen/Qwen2-7B-Instruct', 7e9],
  ['HuggingFaceTB/SmolLM2-135M-Instruct', 135e6],
  ['Qwen/Qwen2.5-1.5B-Instruct', 1.5e9],
  ['mistralai/Mistral-7B-Instruct-v0.3', 7e9],
  ['me/bees', null],
  ['me/2Big', null],
])('%s has %s weights by its name', async (name, count) => {
  expect(await modelParameters(name)).toBe(count);
});

async function directory(head: Buffer): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'aloe-weights-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  await writeFile(join(dir, 'model.safetensors'), head);
  return dir;
}

function lengthOf(bytes: bigint): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(bytes);
  return length;
}

test('weights of a directory are counted, whatever its name says', async () => {
  const tensors = {
    __metadata__: { format: 'pt' },
    a: { shape: [3, 4] },
    b: { shape: [5] },
    c: { shape: [] },
  };
  const head = Buffer.from(JSON.stringify(tensors));
  expect(await modelParameters(await directory(Buffer.concat([lengthOf(BigInt(head.length)), head])))).toBe(
    18,
  );
});

test('a file with an impossible head is refused, not read into memory', async () => {
  await expect(modelParameters(await directory(lengthOf(2n ** 60n)))).rejects.toThrow(/safetensors/);
});
