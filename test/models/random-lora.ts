import { writeFile } from 'node:fs/promises';
import { type Random, seededRandom } from '../../src/internal/random.ts';
import { ggufHead } from './gguf-bytes.ts';

/** Width of SmolLM2-135M. */
const WIDTH = 576;

/** Writes a LoRA adapter of rank 1 with random weights, for the first attention output of SmolLM2-135M. */
export async function writeRandomLora(path: string, strength: number): Promise<void> {
  const random = seededRandom(7);
  const target = 'blk.0.attn_output.weight';
  const head = ggufHead(
    {
      'general.architecture': 'llama',
      'general.type': 'adapter',
      'adapter.type': 'lora',
      'adapter.lora.alpha': 1,
    },
    [
      { name: `${target}.lora_a`, dimensions: [WIDTH, 1] },
      { name: `${target}.lora_b`, dimensions: [1, WIDTH] },
    ],
  );
  await writeFile(path, Buffer.concat([head, floats(random, strength), floats(random, strength)]));
}

function floats(random: Random, strength: number): Buffer {
  return Buffer.from(Float32Array.from({ length: WIDTH }, () => strength * (random() - 0.5)).buffer);
}
