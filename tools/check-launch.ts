// Renders the config of `accelerate launch` for each way to train on several GPUs, and has accelerate and DeepSpeed check them.
//
//   node tools/check-launch.ts PYTHON     a Python with accelerate and deepspeed
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toYaml } from '../src/internal/yaml.ts';
import { accelerateConfig } from '../src/training/folder/accelerate-config.ts';
import { LAUNCHES } from '../src/training/job/training-job-schema.ts';

const python = process.argv[2];
if (python === undefined) throw new Error('Usage: node tools/check-launch.ts PYTHON');
const folder = mkdtempSync(join(tmpdir(), 'aloe-launch-'));
for (const launch of LAUNCHES) {
  const config = accelerateConfig({
    schema: 'aloe-training-job/1',
    name: 'check',
    base: 'base',
    stages: [],
    resources: { gpus: 8, nodes: 1 },
    launch,
    environment: {},
  });
  if (config !== null) writeFileSync(join(folder, `${launch}.yaml`), await toYaml(config));
}
const script = join(import.meta.dirname, 'python', 'check_launch.py');
const { status } = spawnSync(python, [script, folder], { stdio: 'inherit' });
rmSync(folder, { recursive: true });
process.exitCode = status ?? 1;
