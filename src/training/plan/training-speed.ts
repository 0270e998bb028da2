import type { Gpu } from './gpus.ts';
import type { ModelFacts } from './model-facts.ts';
import type { StageShape } from './stage-shape.ts';

/** The share of a GPU's peak that training usually reaches, recomputation counted as work. */
export const USUAL_UTILISATION = 0.35;

/**
 * Floating-point operations that one token costs. A pass forward costs 2 per weight, a pass backward 2 for the gradient of the
 * activations and 2 more for that of the weights, which frozen weights do not need. Gradient checkpointing repeats the pass
 * forward. DPO adds the reference model's. Attention adds 2 per layer, width and token that comes before.
 */
export function operationsPerToken(model: ModelFacts, shape: StageShape, meanLength: number): number {
  const { activeParameters, layers, heads, headSize } = model;
  const attention = 2 * layers * heads * headSize * meanLength;
  const forward = 2 * activeParameters + attention;
  const backward = (shape.adapter === null ? 4 : 2) * activeParameters + 2 * attention;
  const repeated = shape.checkpointing ? forward : 0;
  return forward + backward + repeated + (shape.isDpo ? forward : 0);
}

/** Tokens per second per GPU. Null if the GPU's speed is unknown. */
export function tokensPerSecond(operations: number, gpu: Gpu, utilisation: number): number | null {
  return gpu.bf16Tflops === null ? null : (gpu.bf16Tflops * 1e12 * utilisation) / operations;
}
