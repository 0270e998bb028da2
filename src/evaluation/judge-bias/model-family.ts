/** Families by the words that names of their models begin with, more special ones first. */
const FAMILIES: readonly (readonly [family: string, name: RegExp])[] = [
  // GPT-J and GPT-Neo are EleutherAI's.
  ['OpenAI', /^(?:gpt(?!-?(?:j|neo))|chatgpt|o[134]|davinci)(?![a-z])/],
  ['Claude', /^claude/],
  ['Gemini', /^(?:gemini|gemma|palm)/],
  ['DeepSeek', /^deepseek/],
  // `llama-cpp` and `llama.cpp` are the program, in the id or the path of a GGUF file.
  ['Llama', /^(?:meta-|code)?llama(?![-._]?cpp)/],
  ['Mistral', /^(?:open-)?(?:mistral|mixtral|ministral|magistral|codestral|pixtral)/],
  ['Qwen', /^(?:qwen|qwq)/],
  ['SmolLM', /^smollm/],
  ['Phi', /^phi(?![a-z])/],
  ['Grok', /^grok/],
  ['Command', /^(?:command|c4ai|aya)(?![a-z])/],
  ['GLM', /^(?:chat)?glm/],
  ['Kimi', /^(?:kimi|moonshot)/],
  ['Granite', /^granite/],
  ['OLMo', /^olmo/],
  ['Falcon', /^falcon/],
  ['Nova', /^nova-/],
];

/**
 * The family of a model by its name, such as `Llama` for `meta-llama/Llama-3.1-8B-Instruct`; null if the name is of none
 * that is known. It is crude: a fine-tuned model is of the family in its name, if there is one, and a distilled model counts
 * for whichever name comes first.
 */
export function modelFamily(id: string): string | null {
  const names = id
    .toLowerCase()
    .split(/[/:@\s]+/)
    // `us.anthropic.claude-3-haiku` at Bedrock.
    .map((name) => name.replace(/^(?:[a-z]+\.)+(?=[a-z])/, ''))
    .toReversed();
  for (const name of names) {
    const found = FAMILIES.find(([, begins]) => begins.test(name));
    if (found !== undefined) return found[0];
  }
  return null;
}
