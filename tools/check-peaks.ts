// Compares the memory that planTraining() predicts with measured peaks of small models, and with published ones of large models.
//
//   node tools/check-peaks.ts PYTHON [NAME...]     measures (a minute a case on one core), then compares
//   node tools/check-peaks.ts published            compares with published peaks only: no Python
//
// Exits with 1 when a prediction is off by more than 25 %.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { JsonValue } from '../src/json-value.ts';
import type { TrainingJob, TrainingStage } from '../src/training/job/training-job.ts';
import { factsFrom, type ModelConfig, type ModelFacts } from '../src/training/plan/model-facts.ts';
import { estimateStageMemory } from '../src/training/plan/stage-memory.ts';
import { shapeOfStage } from '../src/training/plan/stage-shape.ts';
import { MEASURED, PUBLISHED } from './training-peaks.ts';

const ALLOWED = 0.25;
const run = promisify(execFile);

let isOff = false;

function compare(name: string, predicted: number, measured: number, unit: number): void {
  const error = predicted / measured - 1;
  isOff ||= Math.abs(error) > ALLOWED;
  const [a, b] = [predicted, measured].map((bytes) => (bytes / unit).toFixed(1).padStart(7));
  const sign = error < 0 ? '' : '+';
  console.log(`| ${name} | ${a} | ${b} | ${sign}${(100 * error).toFixed(0)} % |`);
}

/** The part of a job that memory depends on. */
function predict(
  model: ModelFacts,
  method: TrainingStage['method'],
  options: Readonly<Record<string, JsonValue>>,
  job: Partial<Pick<TrainingJob, 'launch' | 'resources'>> = {},
) {
  const stage = { name: method, method, options, train: { path: '/', sha256: '' } };
  const whole = { launch: 'single', resources: { gpus: 1, nodes: 1 }, ...job } as TrainingJob;
  return estimateStageMemory(model, shapeOfStage(whole, stage, model), Number(options.max_length));
}

async function measure(python: string, names: readonly string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'aloe-peaks-'));
  const script = join(import.meta.dirname, 'python', 'measure_peaks.py');
  const environment = { ...process.env, OMP_NUM_THREADS: '1', HF_HUB_OFFLINE: '1' };
  console.log('| model, training | predicted MB | measured MB | |\n| --- | --- | --- | --- |');
  for (const { name, ...values } of MEASURED.filter(
    (one) => names.length === 0 || names.includes(one.name),
  )) {
    const file = join(folder, 'case.json');
    await writeFile(file, JSON.stringify(values));
    const { stdout } = await run(python, [script, file], { env: environment, maxBuffer: 2 ** 28 });
    const { peak } = JSON.parse(stdout.trim().split('\n').at(-1)!) as { peak: number };
    const facts = factsFrom(values.model as ModelConfig, null);
    const { total, overhead } = predict(facts, values.method, values.options);
    // CUDA's own memory and fragmentation are not part of what was measured.
    compare(name, total - overhead, peak, 1e6);
  }
  await rm(folder, { recursive: true });
}

function comparePublished(): void {
  console.log('| published | predicted GiB | published GiB | |\n| --- | --- | --- | --- |');
  for (const { name, model, method, options, job, gib, counts } of PUBLISHED) {
    const { total, overhead } = predict(factsFrom(model, null), method, options, job);
    compare(name, counts === 'allocated' ? total - overhead : total, gib * 2 ** 30, 2 ** 30);
  }
}

const [python, ...names] = process.argv.slice(2);
if (python === undefined) throw new Error('Usage: node tools/check-peaks.ts PYTHON|published [NAME...]');
if (python !== 'published') await measure(python, names);
comparePublished();
process.exitCode = isOff ? 1 : 0;
