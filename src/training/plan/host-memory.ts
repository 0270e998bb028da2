import type { TrainingJob } from '../job/training-job.ts';
import type { ModelFacts } from './model-facts.ts';
import type { StageShape } from './stage-shape.ts';

/** Python, PyTorch with CUDA, and the data of one process. */
const PROCESS_BYTES = 4 * 2 ** 30;

/**
 * The memory that the first node needs besides its GPUs', in bytes: the model while it is loaded, the whole model while it is
 * saved, and with offload all that waits there.
 */
export function estimateHostMemory(job: TrainingJob, model: ModelFacts, shape: StageShape): number {
  const { kind, offload } = shape.sharding;
  const processes = Math.max(1, job.resources.gpus);
  // Each process of ddp loads a copy. Sharded ones get their part from the first.
  const loading = model.parameters * shape.weightBytes * (kind === 'none' ? processes : 1);
  // FULL_STATE_DICT gathers float32 weights on the host of the first process, ZeRO-3 16-bit ones.
  const saving = model.parameters * (kind === 'none' ? 0 : kind === 'fsdp2' ? 4 : 2);
  const waiting = offload ? offloadedBytes(model, shape) / job.resources.nodes : 0;
  return processes * PROCESS_BYTES + Math.max(loading, saving) + waiting;
}

/** Weights, gradients and two moments in float32, the reference model, and 16-bit weights of ZeRO-3. */
function offloadedBytes({ parameters }: ModelFacts, shape: StageShape): number {
  const trained = shape.adapter ?? parameters;
  const frozen = shape.adapter === null ? 0 : parameters * shape.weightBytes;
  const reference = shape.referenceCopy ? parameters * shape.weightBytes : 0;
  const halves = shape.sharding.kind === 'zero3' ? 2 * parameters : 0;
  return 16 * trained + frozen + reference + halves;
}
