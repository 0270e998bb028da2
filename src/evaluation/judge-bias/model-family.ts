/** Families by the words that names of their models begin with, more special ones first. */
const FAMILIES: readonly (readonly [family: string, name: RegExp])[] = [
  ['OpenAI', /^(?:gpt|chatgpt|o[134]|davinci)(?![a-z])/],
  ['Claude', /^claude/],
  ['Gemini', /^(?:gemini|gemma|palm)/],
  ['DeepSeek', /^deepseek/],
  // `llama-cpp` is the program in the id of a GGUF file.
  ['Llama', /^(?:meta-)?llama(?!-cpp)/],
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
    .toReversed();
  for (const name of names) {
    const found = FAMILIES.find(([, begins]) => begins.test(name));
    if (found !== undefined) return found[0];
  }
  return null;
}
