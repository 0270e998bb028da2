import { join } from 'node:path';
import * as z from 'zod';
import { readJsonFile } from '../../internal/json-file.ts';
import { countWeights } from './count-weights.ts';

/** What memory and speed of a training depend on. */
export interface ModelFacts {
  /** All weights, those of images and sound included. Tied embeddings count once. */
  readonly parameters: number;
  /** Weights that one token passes through: fewer than `parameters` for a mixture of experts. */
  readonly activeParameters: number;
  /** Number of layers. */
  readonly layers: number;
  /** Width of the residual stream. */
  readonly hidden: number;
  /** Width of the feed-forward layers that one token passes through. */
  readonly intermediate: number;
  /** Attention heads. */
  readonly heads: number;
  /** Heads of keys and values. */
  readonly keyValueHeads: number;
  /** Width of one head. */
  readonly headSize: number;
  /** Width of the logits. */
  readonly vocabulary: number;
  /** Whether input and output embeddings are the same weights. */
  readonly tiedEmbeddings: boolean;
  /** Longest sequence in tokens. Null if the config does not say. */
  readonly contextLength: number | null;
}

const size = z.int().positive();
const optional = size.nullish();

/** The members of a language model's config that the facts come from. */
interface TextConfig {
  readonly num_hidden_layers: number;
  readonly hidden_size: number;
  readonly intermediate_size?: number | null | undefined;
  readonly num_attention_heads: number;
  readonly num_key_value_heads?: number | null | undefined;
  readonly head_dim?: number | null | undefined;
  readonly vocab_size: number;
  readonly tie_word_embeddings?: boolean | null | undefined;
  readonly max_position_embeddings?: number | null | undefined;
  readonly num_experts?: number | null | undefined;
  readonly num_local_experts?: number | null | undefined;
  readonly num_experts_per_tok?: number | null | undefined;
  readonly moe_intermediate_size?: number | null | undefined;
  readonly shared_expert_intermediate_size?: number | null | undefined;
  readonly decoder_sparse_step?: number | null | undefined;
  readonly mlp_only_layers?: readonly number[] | null | undefined;
}

/** A `config.json`. A model that also reads images keeps the language model's part in `text_config`. */
export type ModelConfig =
  | TextConfig
  | { readonly text_config: TextConfig; readonly tie_word_embeddings?: boolean | null | undefined };

const textConfig: z.ZodType<TextConfig> = z.object({
  num_hidden_layers: size,
  hidden_size: size,
  intermediate_size: optional,
  num_attention_heads: size,
  num_key_value_heads: optional,
  head_dim: optional,
  vocab_size: size,
  tie_word_embeddings: z.boolean().nullish(),
  max_position_embeddings: optional,
  num_experts: optional,
  num_local_experts: optional,
  num_experts_per_tok: optional,
  moe_intermediate_size: optional,
  shared_expert_intermediate_size: z.int().nonnegative().nullish(),
  decoder_sparse_step: optional,
  mlp_only_layers: z.array(z.int()).nullish(),
});

/** Schema of {@link ModelConfig}. */
export const modelConfigSchema: z.ZodType<ModelConfig> = z.union([
  z.object({ text_config: textConfig, tie_word_embeddings: z.boolean().nullish() }),
  textConfig,
]);

const CONFIG = {
  what: 'the config of a language model with the usual names (num_hidden_layers, hidden_size, ...)',
  hint: 'Pass the facts of the model yourself: planTraining(job, { model }).',
};

/**
 * The facts of a model in a directory: its `config.json`, and the number of weights in its safetensors files. Without such
 * files, the number follows from the config.
 *
 * @throws InvalidFileError for a config without the usual names, or a damaged safetensors file.
 */
export async function readModelFacts(directory: string): Promise<ModelFacts> {
  const config = await readJsonFile(join(directory, 'config.json'), modelConfigSchema, CONFIG);
  return factsFrom(config, await countWeights(directory));
}

/** The facts in a config. `parameters` null: computed for an architecture like Llama's, or a mixture of such experts. */
export function factsFrom(config: ModelConfig, parameters: number | null): ModelFacts {
  const text = 'text_config' in config ? config.text_config : config;
  const shape = shapeOf(text, config.tie_word_embeddings ?? text.tie_word_embeddings ?? false);
  const total = parameters ?? shape.computed;
  // Images and sound apart, what is left out is experts.
  return { ...shape.facts, parameters: total, activeParameters: total - shape.idle };
}

function shapeOf(text: TextConfig, tiedEmbeddings: boolean) {
  const { num_hidden_layers: layers, hidden_size: hidden, num_attention_heads: heads } = text;
  const dense = text.intermediate_size ?? 4 * hidden;
  const mixture = mixtureIn(text, dense);
  const keyValueHeads = text.num_key_value_heads ?? heads;
  const headSize = text.head_dim ?? Math.floor(hidden / heads);
  const attention = 2 * hidden * headSize * (heads + keyValueHeads);
  const embeddings = text.vocab_size * hidden * (tiedEmbeddings ? 1 : 2);
  const facts = {
    layers,
    hidden,
    intermediate: mixture?.usedWidth ?? dense,
    heads,
    keyValueHeads,
    headSize,
    vocabulary: text.vocab_size,
    tiedEmbeddings,
    contextLength: text.max_position_embeddings ?? null,
  };
  const others = layers - (mixture?.layers ?? 0);
  const feedForward = others * 3 * hidden * dense + (mixture?.weights ?? 0);
  return {
    facts,
    computed: embeddings + layers * (attention + 2 * hidden) + feedForward + hidden,
    idle: mixture?.idle ?? 0,
  };
}

/** Layers whose feed-forward part is a mixture of experts. Null if there are none. */
function mixtureIn(text: TextConfig, dense: number) {
  const experts = text.num_experts ?? text.num_local_experts ?? 1;
  if (experts === 1) return null;
  const { hidden_size: hidden, shared_expert_intermediate_size: shared } = text;
  const used = text.num_experts_per_tok ?? 1;
  const width = text.moe_intermediate_size ?? dense;
  const layers = sparseLayers(text);
  // A router that chooses among them, and an expert of all tokens with a gate of its own.
  const always = experts * hidden + (shared ? 3 * hidden * shared + hidden : 0);
  return {
    layers,
    usedWidth: used * width + (shared ?? 0),
    weights: layers * (experts * 3 * hidden * width + always),
    idle: layers * (experts - used) * 3 * hidden * width,
  };
}

/** In some models of Qwen, only every n-th layer has experts, and some layers never do. */
function sparseLayers(text: TextConfig): number {
  const { num_hidden_layers: layers, decoder_sparse_step: step, mlp_only_layers: without } = text;
  const all = Array.from({ length: layers }, (_, index) => index);
  return all.filter((index) => (index + 1) % (step ?? 1) === 0 && !without?.includes(index)).length;
}
