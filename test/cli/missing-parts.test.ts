import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { missingForEmbedder } from '../../src/cli/choose-embedder.ts';
import { type MissingPart, missingForModel, refuseMissing } from '../../src/cli/missing-parts.ts';
import { AloeError } from '../../src/errors.ts';
import * as packages from '../../src/internal/find-package.ts';

vi.mock('../../src/internal/find-package.ts', { spy: true });

function refusal(parts: readonly MissingPart[], options?: { modelsDir?: string }): AloeError {
  try {
    refuseMissing(parts, options);
  } catch (error) {
    if (AloeError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

beforeEach(() => {
  vi.stubEnv('OPENAI_API_KEY', undefined);
  vi.stubEnv('OPENAI_BASE_URL', undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.mocked(packages.isInstalled).mockReset();
});

describe('what a bare installation lacks', () => {
  beforeEach(() => {
    vi.mocked(packages.isInstalled).mockReturnValue(false);
  });

  it('is one package for the embedded model, and one command gets it', () => {
    const { code, message } = refusal([...missingForModel(undefined), ...missingForEmbedder()]);
    expect(code).toBe('missing-package');
    expect(message).toMatch(/^ {2}npm install node-llama-cpp$/m);
    expect(message).toContain('--model openai-compatible:NAME@URL');
    for (const option of ['user-model', 'models.user']) {
      const { message: ofUser } = refusal(missingForModel(undefined, { option }));
      expect(ofUser).toContain('runs the embedded model (role: user)');
      expect(ofUser).toContain('--user-model openai-compatible:NAME@URL');
    }
  });

  it('is nothing beside a served model: the embedder is lexical', () => {
    const parts = [
      ...missingForModel({ model: 'llama3', baseUrl: 'http://localhost:11434/v1' }),
      ...missingForModel('openai-compatible:llama3@http://localhost:11434/v1'),
      ...missingForEmbedder(),
    ];
    expect(parts).toEqual([]);
    vi.stubEnv('OPENAI_API_KEY', 'sk-some');
    expect([...missingForModel(undefined), ...missingForEmbedder()]).toEqual([]);
  });

  it('is named in full, and one command gets all that can be installed', () => {
    const weights = { offline: true, modelsDir: '/no such/models' };
    const { message } = refusal(
      [
        ...missingForModel(undefined, weights),
        ...missingForModel('gpt-4o', { option: 'judge-model' }),
        ...missingForEmbedder({ model: 'transformers' }, weights),
      ],
      { modelsDir: weights.modelsDir },
    );
    for (const part of ['node-llama-cpp', 'smollm2-135m-instruct', 'all-minilm-l6-v2', 'OPENAI_API_KEY']) {
      expect(message).toContain(part);
    }
    expect(message).toContain(
      "  npm install node-llama-cpp @huggingface/transformers && npx aloe-align models pull --models-dir '/no such/models'\n",
    );
  });
});

describe('with the optional packages', () => {
  it('nothing is missing', () => {
    expect([...missingForModel(undefined), ...missingForModel('hf:owner/any:Q8_0')]).toEqual([]);
    expect(missingForEmbedder({ model: 'transformers' })).toEqual([]);
    expect(refusal(missingForModel('gguf:none.gguf')).message).toContain('the file none.gguf');
    expect(() => refuseMissing([])).not.toThrow();
  });

  it('a model at OpenAI still needs a key, unless one is named', () => {
    expect(refusal(missingForModel('gpt-4o')).code).toBe('missing-key');
    expect(missingForModel({ model: 'gpt-4o', keyEnv: 'MY_KEY' })).toEqual([]);
    vi.stubEnv('OPENAI_API_KEY', 'sk-some');
    expect(missingForModel('gpt-4o')).toEqual([]);
  });
});
