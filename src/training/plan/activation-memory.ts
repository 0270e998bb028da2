import type { ModelFacts } from './model-facts.ts';
import { inputWidth, type StageShape } from './stage-shape.ts';

// Bytes follow from what autograd keeps in transformers' Llama layer (5.18): the inputs of each product, of the norms, of
// attention and of the gate. `npm run check:peaks` compares the sum with measured peaks.

/** What a pass keeps until its gradient is computed: with gradient checkpointing, only the input of each layer. */
export function keptBytes(model: ModelFacts, shape: StageShape, length: number): number {
  const tokens = shape.sequences * length;
  // The embedding and the final norm keep as much as three layers' inputs.
  const stream = (n: number) => n * tokens * model.hidden * streamBytes(shape);
  if (shape.checkpointing) return stream(model.layers + 3);
  return model.layers * tokens * layerBytes(model, shape, length) + stream(3);
}

/** What one layer needs in the backward pass: its gradients, and its activations if they were not kept. */
export function layerWorkBytes(model: ModelFacts, shape: StageShape, length: number): number {
  const tokens = shape.sequences * length;
  const { intermediate, hidden } = model;
  const gradients = productBytes(shape) * 2 * intermediate + streamBytes(shape) * 2 * hidden;
  return tokens * (gradients + (shape.checkpointing ? layerBytes(model, shape, length) : 0));
}

/** Bytes of one layer for one token. */
function layerBytes(model: ModelFacts, shape: StageShape, length: number): number {
  const { hidden, intermediate, heads, keyValueHeads, headSize } = model;
  const queries = heads * headSize;
  const product = productBytes(shape);
  // Queries, keys, values and the result.
  const attention = product * 2 * (queries + keyValueHeads * headSize);
  const scores = shape.attention === 'eager' ? heads * length * (4 + 2 * product) : 0;
  // The gate before and after its activation, and the other half.
  const feedForward = product * 3 * intermediate;
  return normBytes(hidden, shape) + attention + scores + feedForward + inputBytes(model, shape);
}

/** A norm computes in float32. It keeps its input, and its normalised input for the gradient of its own weights. */
function normBytes(hidden: number, shape: StageShape): number {
  return 2 * hidden * 4 * (shape.adapter === null ? 2 : 1);
}

/** What the products keep of their inputs, if their weights or adapters are trained. */
function inputBytes(model: ModelFacts, shape: StageShape): number {
  const { hidden, intermediate } = model;
  const product = productBytes(shape);
  if (shape.adapter === null) {
    // q, k and v share one input, and gate and up another. Autocast copies it for each. Attention itself keeps what o gets.
    return product * ((shape.mixed ? 5 : 2) * hidden + intermediate);
  }
  // Each adapter makes its own copy, and keeps what its first matrix gives.
  const widths = shape.targets.map((name) => inputWidth(name, model));
  const inputs = widths.reduce((sum, width) => sum + width, 0);
  const dropped = shape.dropout ? inputs : 0;
  return product * (inputs + widths.length * shape.rank) + dropped;
}

/** Bytes of a number of the residual stream: float32 with float32 weights, although products are computed in bf16. */
function streamBytes(shape: StageShape): number {
  const sharded = shape.sharding.kind !== 'none';
  return shape.mixed && sharded ? 2 : shape.weightBytes;
}

function productBytes(shape: StageShape): number {
  return shape.mixed ? 2 : shape.weightBytes;
}

/** Tokens of a chunk in TRL's `chunked_nll`. */
const CHUNK = 256;

/** A tile of TRL's kernel (1.15 to 1.16). It is as wide for smaller vocabularies. */
const TILE_TOKENS = 4_096;
const TILE_WORDS = 32_768;

/**
 * Whole logits, for one number of them: float32 values and their gradients, or in DPO the reference model's, and a copy for what is
 * logged.
 */
const LOGIT_BYTES = 13.5;

/** The same in DPO without the reference model's. */
const PAIR_LOGIT_BYTES = 12;

/** Logits, their loss and their gradient, in bytes. */
export function logitBytes(model: ModelFacts, shape: StageShape, length: number): number {
  const tokens = shape.sequences * length;
  const { vocabulary } = model;
  switch (shape.logits) {
    // Log-softmax, its exponential, their product for the entropy, and the gradient, of one chunk. Liger's are as many.
    case 'chunked':
      return CHUNK * vocabulary * 4 * 4;
    // A tile in bf16, and float32 gradients of the last layer's result and of the trained output embedding.
    case 'tiled': {
      const tile = Math.min(tokens, TILE_TOKENS) * TILE_WORDS * 2;
      return tile + 4 * model.hidden * (tokens + (shape.adapter === null ? vocabulary : 0));
    }
    case 'whole':
      return tokens * vocabulary * (shape.isDpo && !shape.referencePass ? PAIR_LOGIT_BYTES : LOGIT_BYTES);
  }
}
