import { InvalidOptionError } from '../../errors.ts';
import { shellQuote } from '../../internal/shell-quote.ts';
import type { RenderedJob, TrainingJob } from '../training-job.ts';

export interface ManifestSettings {
  readonly job: TrainingJob;
  /** Names the job's folder in the volume. */
  readonly id: string;
  readonly name: string;
  readonly files: RenderedJob['files'];
  readonly image: string;
  readonly volumeClaim: string;
  readonly mountPath: string;
  readonly namespace: string | undefined;
  readonly runtime: string;
  readonly python: string;
}

/** What a ConfigMap may hold. */
const MAX_CONFIG_BYTES = 2 ** 20;

const CONFIG_PATH = '/etc/aloe-job';

/** A pod has a minute to write its last checkpoint. */
const GRACE_SECONDS = 60;

/** The job's own files. @throws InvalidOptionError above 1 MiB. */
export function configMap(settings: ManifestSettings): object {
  const entries = Object.entries(settings.files);
  const bytes = entries.reduce((sum, [, text]) => sum + Buffer.byteLength(text), 0);
  if (bytes > MAX_CONFIG_BYTES) {
    throw new InvalidOptionError(
      'job',
      'configuration of at most 1 MiB, as a ConfigMap takes it',
      `${bytes} bytes`,
    );
  }
  const data = Object.fromEntries(entries.map(([path, text]) => [keyOf(path), text]));
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata(settings), data };
}

/** A Job of one pod. */
export function plainJob(settings: ManifestSettings): object {
  const { image, job } = settings;
  const { volumes, volumeMounts } = volumeParts(settings);
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: metadata(settings),
    spec: {
      backoffLimit: 0,
      ...deadline(job),
      template: {
        metadata: { labels: labels(settings) },
        spec: {
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: GRACE_SECONDS,
          containers: [
            {
              name: 'trainer',
              image,
              command: ['bash', '-c', script(settings, '')],
              resources: { limits: limits(job) },
              volumeMounts,
            },
          ],
          volumes,
        },
      },
    },
  };
}

/** A TrainJob, whose runtime makes the pods and tells each its rank and the address of the first. */
export function trainJob(settings: ManifestSettings): object {
  const { image, job, runtime } = settings;
  const { volumes, volumeMounts } = volumeParts(settings);
  const podSpec = {
    terminationGracePeriodSeconds: GRACE_SECONDS,
    containers: [{ name: 'node', volumeMounts }],
    volumes,
  };
  return {
    apiVersion: 'trainer.kubeflow.org/v1alpha1',
    kind: 'TrainJob',
    metadata: metadata(settings),
    spec: {
      ...deadline(job),
      runtimeRef: { apiGroup: 'trainer.kubeflow.org', kind: 'ClusterTrainingRuntime', name: runtime },
      trainer: {
        image,
        command: ['bash', '-c', script(settings, TORCH_PLACE)],
        numNodes: job.resources.nodes,
        resourcesPerNode: { limits: limits(job) },
      },
      runtimePatches: [
        {
          manager: 'aloe-align/manifests',
          trainingRuntimeSpec: {
            // The part of the runtime that trains has the name "node", and so has its container.
            template: {
              spec: {
                replicatedJobs: [{ name: 'node', template: { spec: { template: { spec: podSpec } } } }],
              },
            },
          },
        },
      ],
    },
  };
}

/** Rank and address as Kubeflow's torch plugin tells them. It tells torchrun; `accelerate` must not hear both. */
const TORCH_PLACE = `export NODE_RANK="$PET_NODE_RANK" MASTER_ADDR="$PET_MASTER_ADDR" MASTER_PORT="$PET_MASTER_PORT"
unset "\${!PET_@}"
`;

/**
 * The first node puts the job's files beside its data, once: their folder is named by their content. `run.sh` comes
 * last and whole, since the others start when they see it.
 */
function script({ mountPath, id, python }: ManifestSettings, place: string): string {
  return `set -eu
${place}cd ${shellQuote(`${mountPath}/${id}`)}
if [ "\${NODE_RANK:-0}" = 0 ] && [ ! -e run.sh ]; then
  for entry in ${CONFIG_PATH}/*; do
    [ "\${entry##*/}" = run.sh ] || cp -rL "$entry" .
  done
  cp -L ${CONFIG_PATH}/run.sh run.sh.partial
  mv run.sh.partial run.sh
fi
until [ -e run.sh ]; do sleep 1; done
export ALOE_PYTHON=${shellQuote(python)}
exec bash run.sh
`;
}

function volumeParts({ job, name, files, volumeClaim, mountPath }: ManifestSettings): {
  readonly volumes: readonly object[];
  readonly volumeMounts: readonly object[];
} {
  const items = Object.keys(files).map((path) => ({ key: keyOf(path), path }));
  // GPUs of a node talk through shared memory, of which a container has 64 MiB otherwise.
  const talks = job.resources.gpus > 1;
  return {
    volumes: [
      { name: 'data', persistentVolumeClaim: { claimName: volumeClaim } },
      { name: 'job-files', configMap: { name, items } },
      ...(talks ? [{ name: 'shared-memory', emptyDir: { medium: 'Memory' } }] : []),
    ],
    volumeMounts: [
      { name: 'data', mountPath },
      { name: 'job-files', mountPath: CONFIG_PATH, readOnly: true },
      ...(talks ? [{ name: 'shared-memory', mountPath: '/dev/shm' }] : []),
    ],
  };
}

/** Keys of a ConfigMap have no slashes; no two of a job's files differ by that alone. */
function keyOf(path: string): string {
  return path.replaceAll('/', '.');
}

function limits({ resources: { gpus, cpus, memoryGiB } }: TrainingJob): Record<string, string> {
  return {
    ...(gpus > 0 && { 'nvidia.com/gpu': String(gpus) }),
    ...(cpus !== undefined && { cpu: String(cpus) }),
    ...(memoryGiB !== undefined && { memory: `${memoryGiB}Gi` }),
  };
}

function deadline({ resources: { timeLimitMinutes } }: TrainingJob): {
  readonly activeDeadlineSeconds?: number;
} {
  return timeLimitMinutes === undefined ? {} : { activeDeadlineSeconds: timeLimitMinutes * 60 };
}

function metadata(settings: ManifestSettings): object {
  const { name, namespace, job } = settings;
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    labels: labels(settings),
    annotations: { 'aloe-align/job': job.name },
  };
}

function labels({ name }: ManifestSettings): Record<string, string> {
  return { 'app.kubernetes.io/name': 'aloe-align', 'app.kubernetes.io/instance': name };
}
