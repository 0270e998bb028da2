import { writeFile } from 'node:fs/promises';
import { type Random, seededRandom } from '../../src/internal/random.ts';

const STRING = 8;
const FLOAT = 6;
const ALIGNMENT = 32;

/** Width of SmolLM2-135M. */
const WIDTH = 576;

/** Writes a LoRA adapter of rank 1 with random weights, for the first attention output of SmolLM2-135M. */
export async function writeRandomLora(path: string, strength: number): Promise<void> {
  const random = seededRandom(7);
  const target = 'blk.0.attn_output.weight';
  const head = [
    Buffer.from('GGUF'),
    uint32(3),
    uint64(2),
    uint64(4),
    ...[
      ['general.architecture', 'llama'],
      ['general.type', 'adapter'],
      ['adapter.type', 'lora'],
    ].flatMap(([key, value]) => [text(key!), uint32(STRING), text(value!)]),
    ...[text('adapter.lora.alpha'), uint32(FLOAT), Buffer.from(new Float32Array([1]).buffer)],
    tensor(`${target}.lora_a`, [WIDTH, 1], 0),
    tensor(`${target}.lora_b`, [1, WIDTH], WIDTH * 4),
  ];
  const bytes = Buffer.concat(head);
  const padding = Buffer.alloc((ALIGNMENT - (bytes.length % ALIGNMENT)) % ALIGNMENT);
  await writeFile(path, Buffer.concat([bytes, padding, floats(random, strength), floats(random, strength)]));
}

function floats(random: Random, strength: number): Buffer {
  return Buffer.from(Float32Array.from({ length: WIDTH }, () => strength * (random() - 0.5)).buffer);
}

function tensor(name: string, dimensions: readonly number[], offset: number): Buffer {
  const lengths = dimensions.map(uint64);
  // 0: numbers of 32 bits.
  return Buffer.concat([text(name), uint32(dimensions.length), ...lengths, uint32(0), uint64(offset)]);
}

function text(value: string): Buffer {
  return Buffer.concat([uint64(Buffer.byteLength(value)), Buffer.from(value)]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
