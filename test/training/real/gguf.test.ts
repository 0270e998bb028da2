import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../../src/internal/run-command.ts';
import { llamaCpp } from '../../../src/models/llama-cpp.ts';
import { local } from '../../../src/training/backends/local.ts';
import { pythonFilePath } from '../../../src/training/folder/python-script.ts';
import { setupPython } from '../../../src/training/folder/setup-python.ts';
import { isFinal } from '../../../src/training/follow-training.ts';
import { interactToAlign } from '../../../src/training/job/interact-to-align.ts';
import { pullWeights } from '../../../src/weights/pull-weights.ts';
import { untilStatus } from './real-trial.ts';

const MINUTES = 60_000;

describe.runIf(process.env.ALOE_TEST_TRAINING)('GGUF files', () => {
  let folder: string;
  let python: string;
  let original: string;
  let base: string;

  async function run(script: string, ...words: string[]): Promise<void> {
    const { exitCode, stderr } = await runCommand([python, script, ...words]);
    expect(exitCode, stderr.slice(-2_000)).toBe(0);
  }
  async function reply(modelPath: string, loraPath?: string): Promise<string> {
    const model = llamaCpp({ modelPath, loraPath, gpu: false, contextSize: 512 });
    const messages = [{ role: 'user' as const, content: 'Night shift done. Coffee?' }];
    const { text } = await model.generate({ messages, temperature: 0, maxOutputTokens: 24 });
    await model.dispose();
    return text;
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "aloe gguf's -"));
    python = await setupPython();
    original = (await pullWeights({ sets: ['smollm2-135m-instruct'] }))['smollm2-135m-instruct'];
    base = join(folder, 'base');
    await run(pythonFilePath('gguf_to_hf.py'), original, base);
  }, 15 * MINUTES);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test(
    'to Hugging Face’s layout and back, no weight has changed by more than 16 bits round it',
    async () => {
      const back = join(folder, 'back.gguf');
      await run(pythonFilePath('hf_to_gguf.py'), base, back, '--like', original, '--type', 'f16');
      const compare = fileURLToPath(new URL('compare_gguf.py', import.meta.url));
      await run(compare, original, back, '0.002');
    },
    5 * MINUTES,
  );

  test(
    'an adapter on the base says what the merged model says, and not what the base says',
    async () => {
      const sft = join(folder, 'sft.jsonl');
      const row = {
        prompt: [{ role: 'user', content: 'Night shift done. Coffee?' }],
        completion: [{ role: 'assistant', content: 'Decaf, or you stay up.' }],
      };
      await writeFile(sft, `${JSON.stringify(row)}\n`.repeat(8));
      const job = await interactToAlign({
        base,
        sft,
        resources: { gpus: 0 },
        sftOptions: {
          max_steps: 4,
          max_length: 64,
          learning_rate: 3e-3,
          per_device_train_batch_size: 2,
          gradient_accumulation_steps: 1,
          lora_r: 8,
          lora_alpha: 16,
          save_strategy: 'no',
        },
        environment: { HF_HUB_OFFLINE: '1' },
      });
      const backend = local({ dir: join(folder, 'jobs'), python });
      const handle = await backend.submit(job);
      expect((await untilStatus(backend, handle, isFinal)).state).toBe('succeeded');

      const place = handle.location.folder!;
      const adapter = join(folder, 'adapter.gguf');
      const merged = join(folder, 'merged.gguf');
      const plain = join(folder, 'plain.gguf');
      await run(pythonFilePath('lora_to_gguf.py'), join(place, 'sft/adapter'), adapter, '--like', original);
      await run(
        pythonFilePath('hf_to_gguf.py'),
        join(place, 'sft/model'),
        merged,
        '--like',
        original,
        '--type',
        'f16',
      );
      await run(pythonFilePath('hf_to_gguf.py'), base, plain, '--like', original, '--type', 'f16');
      const learned = await reply(plain, adapter);
      expect(learned).toBe(await reply(merged));
      expect(learned).not.toBe(await reply(plain));
    },
    10 * MINUTES,
  );
});
