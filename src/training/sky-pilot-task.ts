import { join, resolve } from 'node:path';
import { InvalidOptionError } from '../errors.ts';
import { checkPath } from '../internal/check-path.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import { writeFileAtomic } from '../internal/write-file.ts';
import { toYaml } from '../internal/yaml.ts';
import { writeJobFolder } from './folder/job-folder.ts';
import { pinnedPackages } from './folder/pinned-packages.ts';
import { renderJob } from './folder/render-job.ts';
import { checkOneNode } from './job/check-job.ts';
import type { RenderedJob, TrainingJob } from './job/training-job.ts';

/** Options of {@link writeSkyPilotTask}. */
export interface SkyPilotTaskOptions {
  /** Where to write. The job gets a subdirectory, named after its id. */
  readonly dir: string;
  /** GPU by SkyPilot's name, such as `A100`. The job says how many. Required, unless it needs none. */
  readonly gpu?: string | undefined;
  /**
   * Bucket for the result, such as `s3://my-models`. The task mounts it and copies each result to `<id>/` in it. Default:
   * none; the result stays on the machine.
   */
  readonly bucket?: string | undefined;
  /** More fields of SkyPilot's `resources`: `{ use_spot: true, infra: 'aws' }`. Default: none. */
  readonly resources?: Readonly<Record<string, unknown>> | undefined;
  /** Stops the writing. */
  readonly signal?: AbortSignal | undefined;
}

/** The environment that the task makes on its machine. */
const VENV = '~/aloe-python';

const BUCKET_MOUNT = '/aloe-results';

/**
 * Writes a job's directory with a SkyPilot task file, which trains it on a cloud, on Kubernetes or on Slurm: `sky launch`
 * starts it. There is no backend for SkyPilot, since its API is internal to its own client.
 *
 * @returns the path of the task file.
 * @throws InvalidOptionError for an unknown option, a job for several nodes, or a missing `gpu`; InvalidFileError for data
 * that changed since the job was made.
 * @example
 * ```ts
 * import { interactToAlign, writeSkyPilotTask } from 'aloe-align/training';
 *
 * const job = await interactToAlign({ base: 'Qwen/Qwen3-0.6B', dpo: 'data/trl-dpo.train.jsonl' });
 * const task = await writeSkyPilotTask(job, { dir: 'runs/sky', gpu: 'A100', bucket: 's3://my-models' });
 * console.log(`sky launch ${task}`);
 * ```
 */
export async function writeSkyPilotTask(job: TrainingJob, options: SkyPilotTaskOptions): Promise<string> {
  checkKnownOptions<SkyPilotTaskOptions>('writeSkyPilotTask()', options, {
    dir: true,
    gpu: true,
    bucket: true,
    resources: true,
    signal: true,
  });
  checkOneNode(job, 'one machine of SkyPilot');
  const { gpu, signal } = options;
  if (gpu === undefined && job.resources.gpus > 0) {
    throw new InvalidOptionError('gpu', 'SkyPilot\'s name for a GPU, such as "A100"', gpu);
  }
  const rendered = await renderJob(job);
  const packages = await pinnedPackages(`${VENV}/bin/python`);
  const id = rendered.id.slice(0, 16);
  const folder = join(resolve(checkPath('dir', options.dir)), id);
  const task = taskOf(job, rendered, { ...options, id, folder, install: packages.commands });
  await writeJobFolder(folder, { ...rendered, inputs: { ...rendered.inputs, ...packages.inputs } }, signal);
  // On its own: the same job may go to another machine next time.
  const path = join(folder, 'task.yaml');
  await writeFileAtomic(path, await toYaml(task));
  return path;
}

interface TaskPlace extends SkyPilotTaskOptions {
  readonly id: string;
  readonly folder: string;
  readonly install: readonly string[];
}

function taskOf(
  { resources: { gpus, cpus, memoryGiB, timeLimitMinutes: minutes } }: TrainingJob,
  { outputs }: RenderedJob,
  { id, folder, gpu, bucket, resources, install }: TaskPlace,
): object {
  const limit = minutes === undefined ? '' : `timeout -k 60 ${minutes}m `;
  const copies = outputs.map(
    (output) =>
      `mkdir -p ${BUCKET_MOUNT}/${id}/${output} && cp -R ${output}/. ${BUCKET_MOUNT}/${id}/${output}`,
  );
  return {
    name: `aloe-${id}`,
    workdir: folder,
    resources: {
      ...(gpus > 0 && { accelerators: `${gpu}:${gpus}` }),
      ...(cpus !== undefined && { cpus: `${cpus}+` }),
      ...(memoryGiB !== undefined && { memory: `${memoryGiB}+` }),
      ...resources,
    },
    ...(bucket !== undefined && { file_mounts: { [BUCKET_MOUNT]: { source: bucket, mode: 'MOUNT' } } }),
    setup: ['set -e', `python3 -m venv ${VENV}`, ...install, ''].join('\n'),
    run: [
      'set -e',
      `ALOE_PYTHON=${VENV}/bin/python ${limit}bash run.sh`,
      ...(bucket === undefined ? [] : copies),
      '',
    ].join('\n'),
  };
}
