import type { AloeConfig, CandidateConfig, ConfigModels } from '../config/config.ts';
import type { OpenedModel } from '../config/open-model.ts';
import type { Embedder } from '../embeddings/embedder.ts';
import type { ProgressEvent } from '../progress/progress.ts';
import type { Run } from '../runs/run.ts';
import type { PipelineFiles } from './pipeline-files.ts';

/** A role that a model plays in a pipeline. */
export type PipelineRole = Exclude<keyof ConfigModels, 'default' | 'embedder'>;

/** What a model does in a pipeline: a role, or to be evaluated. */
export type PipelineModelRole = PipelineRole | 'candidate';

/** What a pipeline opens: the models of roles, the candidates, the embedder. */
export type PipelinePart = PipelineRole | 'candidates' | 'embedder';

/** A config whose models and run are open. From `openPipeline()`. */
export interface Pipeline {
  readonly config: AloeConfig;
  readonly run: Run;
  readonly files: PipelineFiles;
  readonly signal: AbortSignal | undefined;
  readonly onEvent: (event: ProgressEvent) => void;
  /** Every opened model, once. */
  readonly models: readonly OpenedModel[];
  /** The model of a role, the first one if it has several. It throws InvalidOptionError if the role was not opened. */
  model(role: PipelineRole): OpenedModel;
  /** The models that write a side, by turns. */
  teachers(side: 'preferred' | 'rejected'): readonly OpenedModel[];
  /** The model of a candidate: its own, else the default one. */
  modelOf(candidate: CandidateConfig): OpenedModel;
  /** The embedder. It throws InvalidOptionError if it was not opened. */
  embedder(): Embedder;
  /** Closes the run and frees the models. */
  close(): Promise<void>;
}
