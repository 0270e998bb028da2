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
