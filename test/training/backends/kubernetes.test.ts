import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { InvalidOptionError } from '../../../src/errors.ts';
import { writeFakeTrainer } from '../../../src/testing/index.ts';
import { type KubernetesOptions, kubernetesManifests } from '../../../src/training/backends/kubernetes.ts';
import type { TrainingJob, TrainingResources } from '../../../src/training/training-job.ts';
import { makeSmallJob } from '../small-job.ts';

const run = promisify(execFile);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aloe kubernetes' $(touch pwned)-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const options = (changes: Partial<KubernetesOptions> = {}): KubernetesOptions => ({
  image: 'registry/trl:1.13',
  volumeClaim: 'shared-disk',
  ...changes,
});

const makeJob = (resources: Partial<TrainingResources> = { gpus: 1 }): Promise<TrainingJob> =>
  makeSmallJob(join(folder, 'data'), {
    name: 'it\'s: "a" {job}\n- `x`',
    resources,
    sftOptions: { max_steps: 2 },
    dpoOptions: { max_steps: 2 },
  });

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly [name: string]: unknown };
  readonly data: Readonly<Record<string, string>>;
  readonly spec: Readonly<Record<string, unknown>>;
}

const read = (yaml: string | null): Manifest[] =>
  parseAllDocuments(yaml ?? '').map((document) => document.toJS());

describe('kubernetesManifests', () => {
  test('gives a Job that starts once, with the GPUs, the time and the volume of the job', async () => {
    const job = await makeJob({ gpus: 2, cpus: 4, memoryGiB: 16, timeLimitMinutes: 30 });
    const manifests = await kubernetesManifests(job, options({ namespace: 'ml' }));
    const [configMap, plain] = read(manifests.job);
    expect(configMap).toMatchObject({
      kind: 'ConfigMap',
      metadata: { name: manifests.name, namespace: 'ml' },
    });
    expect(plain).toMatchObject({
      kind: 'Job',
      metadata: { name: manifests.name, annotations: { 'aloe-align/job': job.name } },
      spec: {
        backoffLimit: 0,
        activeDeadlineSeconds: 1_800,
        template: {
          spec: {
            restartPolicy: 'Never',
            containers: [
              {
                image: 'registry/trl:1.13',
                resources: { limits: { 'nvidia.com/gpu': '2', cpu: '4', memory: '16Gi' } },
                volumeMounts: [{ mountPath: '/aloe' }, { readOnly: true }, { mountPath: '/dev/shm' }],
              },
            ],
            volumes: [
              { persistentVolumeClaim: { claimName: 'shared-disk' } },
              { configMap: { name: manifests.name } },
              { emptyDir: { medium: 'Memory' } },
            ],
          },
        },
      },
    });
    expect(manifests.name).toMatch(/^aloe-[0-9a-f]{16}$/);
    expect(await kubernetesManifests({ ...job, name: 'other' }, options())).toMatchObject({
      name: manifests.name,
    });
  });

  test('gives several nodes a TrainJob only', async () => {
    const job = await makeJob({ gpus: 8, nodes: 2 });
    const manifests = await kubernetesManifests(job, options({ runtime: 'our-torch' }));
    expect(manifests.job).toBeNull();
    expect(read(manifests.trainJob)[1]).toMatchObject({
      kind: 'TrainJob',
      spec: {
        runtimeRef: { kind: 'ClusterTrainingRuntime', name: 'our-torch' },
        trainer: { numNodes: 2, resourcesPerNode: { limits: { 'nvidia.com/gpu': '8' } } },
      },
    });
  });

  test.each([
    ['image', { image: '' }],
    ['volumeClaim', { volumeClaim: '' }],
    ['mountPath', { mountPath: 'relative' }],
    ['mountPath', { mountPath: '/a:b' }],
  ])('refuses a bad %s', async (option, changes) => {
    const call = kubernetesManifests(await makeJob(), options(changes));
    await expect(call).rejects.toThrow(InvalidOptionError);
    await expect(call).rejects.toThrow(`Option "${option}"`);
  });

  test('refuses a base that is a folder of this machine, unless the pod has it there too', async () => {
    const base = join(folder, 'base');
    await mkdir(base, { recursive: true });
    const job = { ...(await makeJob()), base };
    const call = kubernetesManifests(job, options());
    await expect(call).rejects.toThrow(InvalidOptionError);
    await expect(call).rejects.toThrow('Option "base"');
    const { job: mounted } = await kubernetesManifests(job, options({ mountPath: folder }));
    expect(read(mounted)[0]!.data['config.sft.yaml']).toContain(base);
  });

  test('refuses configuration that no ConfigMap holds', async () => {
    const job = await makeJob();
    const environment = { LARGE: 'x'.repeat(2 ** 20) };
    await expect(kubernetesManifests({ ...job, environment }, options())).rejects.toThrow('at most 1 MiB');
  });
});

/** What a pod sees and runs, on this machine: the volume, the mounted ConfigMap and the container's command. */
async function runPod(
  place: string,
  python: string,
  which: 'job' | 'trainJob',
  environment: Record<string, string> = {},
): Promise<string> {
  const mountPath = join(folder, place, 'volume');
  const manifests = await kubernetesManifests(await makeJob(), options({ mountPath, python }));
  for (const { from, to } of manifests.copies) {
    await mkdir(dirname(join(mountPath, to)), { recursive: true });
    await copyFile(from, join(mountPath, to));
  }
  const [configMap, object] = read(manifests[which]);
  const text = JSON.stringify(object);
  const [, items] = /"items":(\[.*?\])/.exec(text)!;
  const config = join(folder, place, 'config');
  // As the kubelet does it: names at the top are links into a folder of this version.
  for (const { key, path } of JSON.parse(items!) as { key: string; path: string }[]) {
    const [top] = path.split('/');
    const target = join(config, '..2026', path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, configMap!.data[key]!);
    await symlink(join('..data', top!), join(config, top!)).catch(() => {});
  }
  await symlink('..2026', join(config, '..data'));
  const [, command] = /"command":(\["bash","-c",".*?[^\\]"\])/.exec(text)!;
  const [program, ...words] = (JSON.parse(command!) as string[]).map((word) =>
    word.replaceAll('/etc/aloe-job/', `'${config.replaceAll("'", "'\\''")}'/`),
  );
  await run(program!, words, { env: { PATH: process.env.PATH, ...environment } });
  return join(mountPath, manifests.name.replace('aloe-', ''));
}

describe('the pod', () => {
  test.each([
    ['job', {}],
    ['trainJob', { PET_NODE_RANK: '0', PET_MASTER_ADDR: 'aloe-node-0-0.aloe', PET_MASTER_PORT: '29400' }],
  ] as const)('of a %s trains beside its data', async (which, environment) => {
    const python = await writeFakeTrainer(join(folder, 'bin dir', 'python'));
    const jobFolder = await runPod(which, python, which, environment);
    expect(await readFile(join(jobFolder, 'exit_code'), 'utf8')).toBe('0\n');
    expect(await readFile(join(jobFolder, 'dpo/model/model.safetensors'), 'utf8')).toBe('merged');
  });
});
