import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kubernetesManifests } from '../../../src/training/backends/kubernetes.ts';
import { makeSmallJob } from '../small-job.ts';
import { pythonEnvironment } from './python-environment.ts';

const run = promisify(execFile);
describe.runIf(process.env.ALOE_TEST_TRAINING === '1')(
  'the schemas of Kubernetes and Kubeflow Trainer',
  () => {
    let folder: string;
    let python: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'aloe-manifests-'));
      python = join(await pythonEnvironment('manifests'), 'python');
    }, 300_000);
    afterAll(() => rm(folder, { recursive: true, force: true }));

    async function check(manifests: Readonly<Record<string, string>>): Promise<string> {
      const paths = Object.keys(manifests).map((name) => join(folder, name));
      for (const [name, text] of Object.entries(manifests)) await writeFile(join(folder, name), text);
      const { stdout } = await run(python, ['tools/python/check_manifests.py', ...paths]).catch(
        (error) => error,
      );
      return stdout.replaceAll(`${folder}/`, '');
    }

    test('take the manifests, and not those with a field that is misspelt', async () => {
      const resources = { gpus: 2, cpus: 4, memoryGiB: 16, timeLimitMinutes: 30 };
      const job = await makeSmallJob(join(folder, 'data'), { name: 'it\'s: "a" {job}\n- `x`', resources });
      const one = await kubernetesManifests(job, { image: 'trl', volumeClaim: 'disk', namespace: 'ml' });
      const several = await kubernetesManifests(
        { ...job, resources: { ...resources, nodes: 2 } },
        { image: 'trl', volumeClaim: 'disk' },
      );
      expect(
        await check({ 'job.yaml': one.job!, 'one.yaml': one.trainJob, 'several.yaml': several.trainJob }),
      ).toBe(
        [
          'job.yaml: ConfigMap',
          'job.yaml: Job',
          'one.yaml: ConfigMap',
          'one.yaml: TrainJob',
          'several.yaml: ConfigMap',
          'several.yaml: TrainJob',
        ]
          .map((line) => `ok    ${line}\n`)
          .join(''),
      );
      const broken = await check({
        'job.yaml': one.job!.replace('backoffLimit', 'backofLimit'),
        'one.yaml': one.trainJob.replace('numNodes', 'nodes'),
      });
      expect(broken.match(/^FAIL .*$/gm)).toEqual(['FAIL  job.yaml: Job', 'FAIL  one.yaml: TrainJob']);
    }, 60_000);
  },
);
