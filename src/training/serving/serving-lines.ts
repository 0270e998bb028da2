import { shellQuote } from '../../internal/shell-quote.ts';

/**
 * Commands that serve a directory of complete weights with an OpenAI-compatible API on port 8000, one per server.
 *
 * @param dir Such as `tuned/dpo/model`.
 */
export function servingLines(dir: string): Readonly<Record<string, string>> {
  const model = shellQuote(dir);
  const gguf = shellQuote(`${dir}.gguf`);
  return {
    transformers: `transformers serve ${model} --port 8000`,
    vLLM: `vllm serve ${model} --port 8000`,
    SGLang: `python -m sglang.launch_server --model-path ${model} --port 8000`,
    'llama.cpp': `llama-server -m ${gguf} --jinja --port 8000`,
    Ollama: 'ollama create tuned -f Modelfile && ollama run tuned',
  };
}
