/** The config of Qwen2.5-7B-Instruct, as far as it counts. */
export const QWEN = {
  hidden_size: 3_584,
  intermediate_size: 18_944,
  max_position_embeddings: 32_768,
  num_attention_heads: 28,
  num_hidden_layers: 28,
  num_key_value_heads: 4,
  tie_word_embeddings: false,
  vocab_size: 152_064,
};

/** Configs of mixtures of experts, as far as they count. */
export const QWEN3_30B = {
  decoder_sparse_step: 1,
  head_dim: 128,
  hidden_size: 2_048,
  intermediate_size: 6_144,
  moe_intermediate_size: 768,
  num_attention_heads: 32,
  num_experts: 128,
  num_experts_per_tok: 8,
  num_hidden_layers: 48,
  num_key_value_heads: 4,
  tie_word_embeddings: false,
  vocab_size: 151_936,
};

export const QWEN3_235B = {
  decoder_sparse_step: 1,
  head_dim: 128,
  hidden_size: 4_096,
  intermediate_size: 12_288,
  moe_intermediate_size: 1_536,
  num_attention_heads: 64,
  num_experts: 128,
  num_experts_per_tok: 8,
  num_hidden_layers: 94,
  num_key_value_heads: 4,
  tie_word_embeddings: false,
  vocab_size: 151_936,
};

export const MIXTRAL = {
  hidden_size: 4_096,
  intermediate_size: 14_336,
  num_attention_heads: 32,
  num_experts_per_tok: 2,
  num_hidden_layers: 32,
  num_key_value_heads: 8,
  num_local_experts: 8,
  tie_word_embeddings: false,
  vocab_size: 32_000,
};

export const QWEN1_5_MOE = {
  decoder_sparse_step: 1,
  hidden_size: 2_048,
  intermediate_size: 5_632,
  moe_intermediate_size: 1_408,
  num_attention_heads: 16,
  num_experts: 60,
  num_experts_per_tok: 4,
  num_hidden_layers: 24,
  num_key_value_heads: 16,
  shared_expert_intermediate_size: 5_632,
  tie_word_embeddings: false,
  vocab_size: 151_936,
};

export const GPT_OSS = {
  head_dim: 64,
  hidden_size: 2_880,
  intermediate_size: 2_880,
  num_attention_heads: 64,
  num_experts_per_tok: 4,
  num_hidden_layers: 24,
  num_key_value_heads: 8,
  num_local_experts: 32,
  tie_word_embeddings: false,
  vocab_size: 201_088,
};
