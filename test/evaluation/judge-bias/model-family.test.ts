import { expect, it } from 'vitest';
import { modelFamily } from '../../../src/evaluation/judge-bias/model-family.ts';

it.each([
  ['gpt-4o-mini-2024-07-18', 'OpenAI'],
  ['openai/gpt-oss-20b', 'OpenAI'],
  ['o3-mini', 'OpenAI'],
  ['claude-sonnet-4-20250514', 'Claude'],
  ['us.anthropic/claude-3-5-haiku', 'Claude'],
  ['models/gemini-2.5-flash', 'Gemini'],
  ['google/gemma-3-27b-it', 'Gemini'],
  ['meta-llama/Llama-3.1-8B-Instruct@r2', 'Llama'],
  ['mistralai/Mixtral-8x7B-Instruct-v0.1', 'Mistral'],
  ['Qwen/Qwen3-8B', 'Qwen'],
  ['HuggingFaceTB/SmolLM2-135M-Instruct', 'SmolLM'],
  ['llama-cpp:SmolLM2-135M-Instruct.Q4_1.gguf:3523f2c62365:4524cc', 'SmolLM'],
  ['deepseek-ai/DeepSeek-R1-Distill-Llama-8B', 'DeepSeek'],
  ['microsoft/phi-4', 'Phi'],
  ['anthropic.claude-3-5-sonnet-20240620-v1:0', 'Claude'],
  ['us.meta.llama3-3-70b-instruct-v1:0', 'Llama'],
  ['codellama/CodeLlama-7b-hf', 'Llama'],
  ['qwen2.5-7b-instruct', 'Qwen'],
])('%s is of the family %s', (id, family) => {
  expect(modelFamily(id)).toBe(family);
});

it.each([
  'my-tuned',
  'EleutherAI/gpt-j-6b',
  'gpt-neox-20b',
  '/opt/llama.cpp/models/tuned.gguf',
  'tuned/dpo/model',
  'philosopher',
  'o',
  'gptish',
  'llama-cpp:tuned.gguf:35:45',
  '',
])('%j is of none', (id) => {
  expect(modelFamily(id)).toBeNull();
});
