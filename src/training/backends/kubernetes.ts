import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { stringify } from 'yaml';
import { InvalidOptionError } from '../../errors.ts';
import { renderJob } from '../render-job.ts';
import type { TrainingJob } from '../training-job.ts';
import { configMap, type ManifestSettings, plainJob, trainJob } from './kubernetes-objects.ts';

export interface KubernetesOptions {
  /** A container image with TRL and bash. */
  readonly image: string;
  /** Name of the persistent volume claim with the data, where results stay too. Several nodes share it. */
  readonly volumeClaim: string;
  /** Where the volume is mounted. Default `/aloe`. */
  readonly mountPath?: string | undefined;
  /** Default: the one that `kubectl` is set to. */
  readonly namespace?: string | undefined;
  /** Kubeflow's runtime for the TrainJob, a `ClusterTrainingRuntime`. Default `torch-distributed`. */
  readonly runtime?: string | undefined;
  /** A Python with TRL in the image. Default `python3`. */
  readonly python?: string | undefined;
}

/** Manifests of one training, as YAML for `kubectl apply -f`: one of the two is applied. */
export interface KubernetesManifests {
  /** Of the objects that are made. */
  readonly name: string;
  /** A plain `batch/v1` Job with its ConfigMap; null for several nodes, which a plain Job does not introduce to each other. */
  readonly job: string | null;
  /** A TrainJob for Kubeflow Trainer 2.3 with its ConfigMap. */
  readonly trainJob: string;
  /** Data that has to be in the volume before: files of this machine, and their paths in the volume. */
  readonly copies: readonly { readonly from: string; readonly to: string }[];
}

/**
 * A job as manifests for Kubernetes. Nothing is started again by itself: a training that failed would fail once more.
 * Deleted and applied again, it goes on from its last checkpoint.
 *
 * @experimental Checked against the schemas of Kubernetes 1.37 and Kubeflow Trainer 2.3; no cluster has run it yet.
 * @throws InvalidOptionError for an empty image or claim, a path that jobs cannot train in, a base that is a folder of
 * this machine, or configuration above 1 MiB.
 */
export async function kubernetesManifests(
  job: TrainingJob,
  options: KubernetesOptions,
): Promise<KubernetesManifests> {
  for (const option of ['image', 'volumeClaim'] as const) {
    if (!options[option]) throw new InvalidOptionError(option, 'a text that is not empty', options[option]);
  }
  const mountPath = checkMountPath(options.mountPath ?? '/aloe');
  checkBase(job, mountPath);
  const rendered = await renderJob(job);
  const id = rendered.id.slice(0, 16);
  const settings: ManifestSettings = {
    job,
    id,
    name: `aloe-${id}`,
    files: rendered.files,
    image: options.image,
    volumeClaim: options.volumeClaim,
    mountPath,
    namespace: options.namespace,
    runtime: options.runtime ?? 'torch-distributed',
    python: options.python ?? 'python3',
  };
  const config = configMap(settings);
  return {
    name: settings.name,
    job: job.resources.nodes > 1 ? null : toYaml(config, plainJob(settings)),
    trainJob: toYaml(config, trainJob(settings)),
    copies: Object.entries(rendered.inputs).map(([path, { path: from }]) => ({ from, to: `${id}/${path}` })),
  };
}

function checkMountPath(path: string): string {
  // Kubernetes refuses a colon in it.
  if (!path.startsWith('/') || path.includes(':')) {
    throw new InvalidOptionError('mountPath', 'the full path of a folder, without colons', path);
  }
  return path;
}

/** The config names the base by its path, which a pod has in its volume or image only. */
function checkBase({ base }: TrainingJob, mountPath: string): void {
  if (isAbsolute(base) && existsSync(base) && !base.startsWith(`${mountPath}/`)) {
    throw new InvalidOptionError('base', 'the name of a model, or its folder as the pod sees it', base, {
      hint: `Copy the folder into the volume, and give its path below ${mountPath}.`,
    });
  }
}

function toYaml(...objects: readonly object[]): string {
  return objects.map((object) => stringify(object, { lineWidth: 0 })).join('---\n');
}
