import { keptBytes, layerWorkBytes, logitBytes } from './activation-memory.ts';
import type { ModelFacts } from './model-facts.ts';
import type { StageShape } from './stage-shape.ts';

/** The memory that one GPU needs at the peak of a stage, in bytes, and what it goes to. */
export interface StageMemory {
  /** Weights of the model, its adapter, and copies of them in bf16. */
  readonly weights: number;
  /** Weights of the frozen reference model of DPO. */
  readonly reference: number;
  /** Gradients of the trained weights. */
  readonly gradients: number;
  /** States of the optimizer. */
  readonly optimizer: number;
  /** What the passes keep for the gradient, and the layer that is being computed. */
  readonly activations: number;
  /** Logits, their loss and their gradient. */
  readonly logits: number;
  /** CUDA itself, buffers and fragmentation. */
  readonly overhead: number;
  /** The sum of the others. */
  readonly total: number;
}

/** CUDA's context, and workspaces of its libraries. */
const CONTEXT_BYTES = 2 ** 30;

/** What PyTorch's allocator holds beyond what is allocated. */
const FRAGMENTATION = 0.05;

/** The memory of one GPU, for sequences of `length` tokens. */
export function estimateStageMemory(model: ModelFacts, shape: StageShape, length: number): StageMemory {
  const states = stateBytes(model, shape);
  const kept = keptBytes(model, shape, length);
  const work = layerWorkBytes(model, shape, length);
  const logits = logitBytes(model, shape, length);
  const copies = copyBytes(model, shape);
  // Logits and the layer that is being computed take turns. Copies of the weights stay for the way back only without checkpointing.
  const atLoss = logits + (shape.checkpointing && shape.isDpo ? 0 : copies);
  const atLayer = work + (shape.checkpointing ? 0 : copies);
  const parts = {
    ...states,
    weights: states.weights + (atLoss >= atLayer ? atLoss - logits : atLayer - work),
    activations: kept + (atLoss >= atLayer ? 0 : work),
    logits: atLoss >= atLayer ? logits : 0,
  };
  const allocated = Object.values(parts).reduce((sum, bytes) => sum + bytes, 0);
  const overhead = CONTEXT_BYTES + FRAGMENTATION * allocated;
  return { ...parts, overhead, total: allocated + overhead };
}

/** Weights that stand outside the layers. */
function embeddingWeights({ vocabulary, hidden, tiedEmbeddings }: ModelFacts): number {
  return vocabulary * hidden * (tiedEmbeddings ? 1 : 2);
}

function stateBytes(model: ModelFacts, shape: StageShape) {
  const { adapter, sharding } = shape;
  const trained = adapter ?? model.parameters;
  const share = sharding.offload ? 0 : 1 / sharding.shards;
  const trainedBytes = bytesOfTrained(shape);
  const base = frozenBytes(model, shape);
  const own = adapter === null ? trained * trainedBytes : base + trained * trainedBytes;
  return {
    weights: own * share + gatheredBytes(model, shape),
    reference: shape.referenceCopy ? base * share : 0,
    gradients: trained * trainedBytes * share,
    optimizer: trained * optimizerBytes(shape) * share,
  };
}

/** Bytes of all weights as loaded. Embeddings are never quantised. */
function frozenBytes(model: ModelFacts, { quantisedBytes, weightBytes }: StageShape): number {
  if (quantisedBytes === null) return model.parameters * weightBytes;
  const embeddings = embeddingWeights(model);
  return embeddings * weightBytes + (model.parameters - embeddings) * quantisedBytes;
}

/** PEFT keeps adapters in float32, TRL those of quantised models in bf16. FSDP2 and ZeRO-3 keep trained weights in float32. */
function bytesOfTrained({ adapter, quantisedBytes, weightBytes, sharding }: StageShape): number {
  if (adapter !== null) return quantisedBytes === null ? 4 : 2;
  return sharding.kind === 'none' ? weightBytes : 4;
}

/** Bytes of the optimizer for one trained weight. Paged states move to the host when the GPU is full. */
function optimizerBytes(shape: StageShape): number {
  const { optimizer } = shape;
  if (/^paged_/.test(optimizer)) return 0;
  if (/8bit/.test(optimizer)) return 2;
  if (/adafactor|^sgd/.test(optimizer)) return 0.1;
  if (/lion/.test(optimizer)) return bytesOfTrained(shape);
  return 2 * bytesOfTrained(shape);
}

/** Sharded weights are gathered for use: those outside the layers, two layers, and their gradients. */
function gatheredBytes(model: ModelFacts, { sharding, adapter }: StageShape): number {
  if (sharding.shards === 1 && !sharding.offload) return 0;
  const embeddings = embeddingWeights(model);
  const layer = (model.parameters - embeddings) / model.layers;
  const gradients = adapter === null ? embeddings + layer : 0;
  return 2 * (embeddings + 2 * layer + gradients);
}

/** Autocast's copies in bf16 of trained float32 weights. FSDP2 and ZeRO-3 compute with gathered bf16 weights instead. */
function copyBytes({ parameters }: ModelFacts, shape: StageShape): number {
  const isCast = shape.mixed && shape.adapter === null && shape.weightBytes === 4;
  return isCast && shape.sharding.kind === 'none' ? 2 * parameters : 0;
}
