import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { missingForEmbedder } from '../../src/cli/choose-embedder.ts';
import {
  type MissingPart,
  missingForModel,
  missingForRole,
  refuseMissing,
} from '../../src/cli/missing-parts.ts';
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
    const { code, message } = refusal([...missingForModel({}), ...missingForEmbedder({})]);
    expect(code).toBe('missing-package');
    expect(message).toMatch(/^ {2}npm install node-llama-cpp$/m);
    expect(message).toContain('--model NAME --base-url URL');
    expect(refusal(missingForModel({}, 'user')).message).toContain('--user-model NAME --user-base-url URL');
  });

  it('is nothing beside a served model: the embedder is lexical', () => {
    const parts = [
      ...missingForModel({ model: 'llama3', 'base-url': 'http://localhost:11434/v1' }),
      ...missingForEmbedder({}),
    ];
    expect(parts).toEqual([]);
    vi.stubEnv('OPENAI_API_KEY', 'sk-some');
    expect([...missingForModel({}), ...missingForEmbedder({})]).toEqual([]);
  });

  it('is named in full, and one command gets all that can be installed', () => {
    const models = { offline: true, 'models-dir': '/no such/models' };
    const { message } = refusal(
      [
        ...missingForModel(models),
        ...missingForRole('judge', { 'judge-model': 'gpt-4o' }),
        ...missingForEmbedder({ ...models, embedder: 'transformers' }),
      ],
      { modelsDir: models['models-dir'] },
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
    expect([...missingForModel({}), ...missingForModel({ gguf: 'hf:owner/any:Q8_0' })]).toEqual([]);
    expect(missingForEmbedder({ embedder: 'transformers' })).toEqual([]);
    expect(refusal(missingForModel({ gguf: 'none.gguf' })).message).toContain('the file none.gguf');
    expect(() => refuseMissing([])).not.toThrow();
  });

  it('a model at OpenAI still needs a key, unless one is named', () => {
    expect(refusal(missingForModel({ model: 'gpt-4o' })).code).toBe('missing-key');
    expect(missingForModel({ model: 'gpt-4o', 'key-env': 'MY_KEY' })).toEqual([]);
    vi.stubEnv('OPENAI_API_KEY', 'sk-some');
    expect(missingForModel({ model: 'gpt-4o' })).toEqual([]);
  });
});
