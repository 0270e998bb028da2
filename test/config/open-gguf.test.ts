import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGguf } from '../../src/config/open-gguf.ts';
import { llamaCpp } from '../../src/models/llama-cpp.ts';
import { ggufHead } from '../models/gguf-bytes.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aloe-open-gguf-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The head of a model of so many million parameters, with or without a chat template. */
async function write(name: string, millions: number, template: boolean): Promise<string> {
  const path = join(folder, name);
  const metadata = {
    'general.architecture': 'llama',
    ...(template && { 'tokenizer.chat_template': '{{ messages }}' }),
  };
  await writeFile(path, ggufHead(metadata, [{ name: 'w', dimensions: [1_000_000, millions] }]));
  return path;
}

describe('openGguf', () => {
  it('gives a small model the settings of the embedded one, and says so', async () => {
    const path = await write('small-chat.gguf', 360, true);
    const { model, note, warning, ...settings } = await openGguf(path);
    expect(settings).toMatchObject({
      temperatures: { user: 0.4, judge: 0.8 },
      userPrompt: 'steered',
      rubric: 'paper',
    });
    expect(note).toMatch(/^Note: small-chat\.gguf has 360 million parameters\./);
    expect(warning).toBeUndefined();
    expect(model.id).not.toBe(llamaCpp({ modelPath: path }).id);
  });

  it('leaves a larger one as it is, and warns of a base model', async () => {
    const path = await write('large-base.gguf', 1_500, false);
    const { model, note, warning, ...settings } = await openGguf(path);
    expect(settings).toEqual({});
    expect(note).toBe('');
    expect(warning).toContain('large-base.gguf has no chat template');
    expect(model.id).toBe(llamaCpp({ modelPath: path }).id);
  });
});
