import { existsSync } from 'node:fs';
import { InvalidOptionError } from '../../errors.ts';
import { writeFileAtomic } from '../../internal/write-file.ts';
import { checkWritable } from '../check-writable.ts';
import { defineVerb, type Verb } from '../verb.ts';
import { CONFIG_FILES } from './find-config.ts';
import { trustConfig } from './trusted-configs.ts';

/** Small on purpose: with a cheap model it costs cents. */
const YAML = `# yaml-language-server: $schema=./node_modules/aloe-align/schemas/config.json
# What \`aloe run\` does. \`aloe estimate\` says what it costs, \`aloe doctor\` whether the models answer.
run: runs/first
seed: 7

models:
  default: MODEL
  # judge: openai:gpt-4o
  # user: openai-compatible:qwen3@http://localhost:8000/v1
  embedder: lexical

# A hard limit. With prices (US dollars per million tokens, by model id), \`usd\` works too.
budget:
  tokens: 3000000
# prices:
#   gpt-4o-mini: { input: 0.15, cachedInput: 0.075, output: 0.60 }

personas: # The seeds that come with the library count, so this grows about ten of each.
  profiles: 30
  personalities: 30

conversations:
  personas: 20
  turns: 4

export:
  formats: [trl-sft, trl-dpo]

evaluation:
  candidates: [bare, adaptive, oracle]
  cases: 10
  turns: 4

# training: # \`aloe train submit\` fine-tunes on the files of this run.
#   base: HuggingFaceTB/SmolLM2-135M-Instruct
`;

const TYPESCRIPT = `import { defineConfig } from 'aloe-align/config';

// What \`aloe run\` does. \`aloe estimate\` says what it costs, \`aloe doctor\` whether the models answer.
export default defineConfig({
  run: 'runs/first',
  seed: 7,
  models: {
    // A reference, or any ChatModel made here.
    default: 'MODEL',
    embedder: 'lexical',
  },
  // A hard limit. With prices (US dollars per million tokens, by model id), \`usd\` works too.
  budget: { tokens: 3_000_000 },
  // The seeds that come with the library count, so this grows about ten of each.
  personas: { profiles: 30, personalities: 30 },
  conversations: { personas: 20, turns: 4 },
  export: { formats: ['trl-sft', 'trl-dpo'] },
  evaluation: { candidates: ['bare', 'adaptive', 'oracle'], cases: 10, turns: 4 },
  // \`aloe train submit\` fine-tunes on the files of this run.
  // training: { base: 'HuggingFaceTB/SmolLM2-135M-Instruct' },
});
`;

export const initCommand: Verb = defineVerb({
  args: {
    model: {
      type: 'string',
      valueHint: 'MODEL',
      description:
        'Model for all roles, such as openai:gpt-4o-mini (default: that one if OPENAI_API_KEY is set, else embedded).',
    },
    ts: { type: 'boolean', description: 'Write aloe.config.ts instead of aloe.config.yaml.' },
  },
  examples: [
    { words: 'init', what: 'A small config to start from. Then: aloe doctor, aloe estimate, aloe run.' },
  ],
  failed: 'Failed.',
  interrupted: 'Interrupted.',
  async run({ args }) {
    const found = CONFIG_FILES.find((name) => existsSync(name));
    if (found !== undefined) {
      throw new InvalidOptionError(`There is a config file already: ${found}.`, {
        hint: 'Change it, or remove it first.',
      });
    }
    const path = args.ts ? 'aloe.config.ts' : 'aloe.config.yaml';
    const model = args.model ?? (process.env.OPENAI_API_KEY ? 'openai:gpt-4o-mini' : 'embedded');
    const text = args.ts
      ? TYPESCRIPT.replace("'MODEL'", JSON.stringify(model).replace(/^"(.*)"$/, "'$1'"))
      : YAML.replace('MODEL', JSON.stringify(model).replace(/^"([\w:@/.-]+)"$/, '$1'));
    await checkWritable('config', path);
    await writeFileAtomic(path, text);
    await trustConfig(path);
    return {
      text: `${path}\nNext: aloe doctor, then aloe estimate, then aloe run`,
      json: { config: path },
    };
  },
});
