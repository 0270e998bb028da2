/**
 * Submits a fine-tune on this machine and follows it to the end. Run it again to pick up the same job.
 *
 *     npx tsx examples/train.ts data/trl-sft.train.jsonl data/trl-dpo.train.jsonl
 *
 * PYTHON is a Python with TRL; without it, an environment is created once. BASE_MODEL is a hub id or a directory.
 */
import { env } from 'node:process';
import { doctor, followTraining, interactToAlign, setupPython } from 'aloe-align/training';
import { local } from 'aloe-align/training/local';

const [sft = 'data/trl-sft.train.jsonl', dpo = 'data/trl-dpo.train.jsonl'] = process.argv.slice(2);

const backend = local({ dir: 'runs/train', python: env.PYTHON ?? (await setupPython()) });
const job = await interactToAlign({
  base: env.BASE_MODEL ?? 'HuggingFaceTB/SmolLM2-135M-Instruct',
  sft,
  dpo,
  resources: { gpus: Number(env.GPUS ?? 0) },
  dpoOptions: { learning_rate: 2e-5 },
});

const findings = await doctor(job, backend);
for (const { level, check, message, remedy } of findings) {
  if (level !== 'ok') console.log(`${level}, ${check}: ${message} ${remedy}`);
}
if (findings.some(({ level }) => level === 'error')) process.exit(1);

const handle = await backend.submit(job);
for await (const event of followTraining(backend, handle, { pollMs: 1_000 })) {
  if (event.type === 'state-changed') console.log(event.status.state, event.status.reason ?? '');
  if (event.type === 'metric-logged') {
    const { stage, step, values } = event.metric;
    console.log(`${stage} ${step}: loss ${values.loss}, reward margin ${values['rewards/margins'] ?? '–'}`);
  }
}

const files = await backend.artifacts(handle);
console.log(`${files.length} files; the model is in ${handle.location.folder}/dpo/model`);
