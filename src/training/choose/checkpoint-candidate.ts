import { weightsRevision } from '../../models/weights-revision.ts';
import type { Checkpoint } from './checkpoints.ts';

/** A checkpoint as a candidate of an evaluation, before its weights are served. */
export interface CheckpointCandidate {
  readonly name: string;
  /** Id of its model: says which weights it has. */
  readonly id: string;
}

/** Names a checkpoint the same in every process: its answers in the run are found by it. */
export function checkpointCandidate(
  { name, id }: { readonly name: string; readonly id: string },
  { stage, step, path }: Pick<Checkpoint, 'stage' | 'step' | 'path'>,
): CheckpointCandidate {
  return {
    name: `${name} ${id.slice(0, 8)}, ${stage} step ${step}`,
    id: `${stage}-${step}@${weightsRevision(path)}`,
  };
}
