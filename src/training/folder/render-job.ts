import { extname } from 'node:path';
import { canonicalJson, sha256 } from '../../internal/hash.ts';
import { toYaml } from '../../internal/yaml.ts';
import { checkJob } from '../job/check-job.ts';
import { folderDigest } from '../job/folder-digest.ts';
import type { RenderedJob, TrainingFile, TrainingJob, TrainingStage } from '../job/training-job.ts';
import { accelerateConfig } from './accelerate-config.ts';
import { readPythonFile } from './python-script.ts';
import { type RunStep, runScript } from './run-script.ts';

const ACCELERATE_CONFIG = 'config/accelerate.yaml';

/** File endings by which `datasets` recognises a format. */
const DATA_EXTENSIONS = ['.jsonl', '.json', '.parquet'];

/** `manifest.json` in a job's directory. */
export interface JobFolderManifest {
  readonly schema: 'aloe-job-folder/1';
  /** In order. `training` is the stage's directory, with its checkpoints. */
  readonly stages: readonly {
    readonly name: string;
    readonly training: string;
    /** Whether checkpoints are part of the result. Absent if only the newest is kept, to resume from. */
    readonly checkpoints?: boolean | undefined;
  }[];
  readonly outputs: readonly string[];
}

/**
 * Renders a job as the directory that TRL runs in: configs, scripts and `run.sh`. Nothing is written. All paths in it are
 * relative, so it can be made on one machine and run on another. Only a base model given as a directory keeps its path.
 *
 * @throws InvalidOptionError naming the first part of the job that is invalid. The job may come from a file.
 */
export async function renderJob(given: TrainingJob): Promise<RenderedJob> {
  const job = checkJob(given);
  const files: Record<string, string> = {};
  const inputs: Record<string, TrainingFile> = {};
  const steps: RunStep[] = [];
  const outputs: string[] = [];

  const accelerate = accelerateConfig(job);
  if (accelerate !== null) files[ACCELERATE_CONFIG] = await toYaml(accelerate);
  for (const stage of job.stages) {
    const { name, method } = stage;
    const output = trainingFolder(stage);
    const config = `config/${name}.yaml`;
    inputs[`data/${name}/train${extensionOf(stage.train)}`] = stage.train;
    if (stage.validation !== undefined) {
      inputs[`data/${name}/test${extensionOf(stage.validation)}`] = stage.validation;
    }
    files[config] = await toYaml(trainerConfig(job, stage));
    const launch = accelerate === null ? [] : ['--config_file', ACCELERATE_CONFIG];
    steps.push({ name, output, launch, words: ['scripts/train_stage.py', method, '--config', config] });
    files['scripts/train_stage.py'] = await readPythonFile('train_stage.py');
    outputs.push(output);
    if (hasAdapter(stage)) {
      const merge = ['scripts/merge_adapter.py', output, modelFolder(stage)];
      steps.push({ name: `${name}-merge`, output: modelFolder(stage), words: merge });
      outputs.push(modelFolder(stage));
      files['scripts/merge_adapter.py'] = await readPythonFile('merge_adapter.py');
    }
  }
  const manifest: JobFolderManifest = {
    schema: 'aloe-job-folder/1',
    stages: job.stages.map((stage) => ({
      name: stage.name,
      training: trainingFolder(stage),
      ...(keepsCheckpoints(stage) && { checkpoints: true }),
    })),
    outputs,
  };
  files['manifest.json'] = `${JSON.stringify(manifest, null, 2)}\n`;
  files['run.sh'] = runScript(steps, job.environment, job.resources.nodes);
  return { id: hashJob(files, inputs, await folderDigest(job.base)), files, inputs, outputs };
}

function trainerConfig(job: TrainingJob, stage: TrainingStage): object {
  const source = job.stages.find(({ name }) => name === stage.from);
  return {
    model_name_or_path: source === undefined ? job.base : `./${modelFolder(source)}`,
    dataset_name: `./data/${stage.name}`,
    ...(stage.validation !== undefined && {
      eval_strategy: 'steps',
      eval_steps: stage.options.save_steps ?? 0.1,
    }),
    ...stage.options,
    output_dir: `./${trainingFolder(stage)}`,
  };
}

/** The directory the trainer writes to. */
function trainingFolder(stage: TrainingStage): string {
  return hasAdapter(stage) ? `${stage.name}/adapter` : modelFolder(stage);
}

/** The directory with complete weights once the stage is done. */
function modelFolder({ name }: TrainingStage): string {
  return `${name}/model`;
}

function hasAdapter({ options }: TrainingStage): boolean {
  return options.use_peft === true;
}

/** Whether more than the newest checkpoint is kept. */
function keepsCheckpoints({ options }: TrainingStage): boolean {
  return options.save_total_limit !== 1;
}

function extensionOf({ path }: TrainingFile): string {
  const extension = extname(path).toLowerCase();
  return DATA_EXTENSIONS.includes(extension) ? extension : '.jsonl';
}

/** Leaves out local paths and the job's name: they do not affect the result. */
function hashJob(
  files: RenderedJob['files'],
  inputs: RenderedJob['inputs'],
  base: string | undefined,
): string {
  const sums = Object.fromEntries(Object.entries(inputs).map(([path, file]) => [path, file.sha256]));
  return sha256(canonicalJson({ files, inputs: sums, base }));
}
