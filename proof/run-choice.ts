import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand } from '../src/internal/run-command.ts';
import { lockPrompt } from '../src/models/locked-prompt.ts';
import { steeredRolePlayerPrompt } from '../src/prompts.ts';
import { ruleJudge } from '../src/rules.ts';
import { local } from '../src/training/backends/local.ts';
import {
  chooseCheckpoint,
  describeChoice,
  followTraining,
  interactToAlign,
  setupPython,
  validationCases,
} from '../src/training/index.ts';
import { buildCorpus } from './corpus.ts';
import { asTrained, MAX_OUTPUT_TOKENS } from './measure.ts';
import { evaluationCases, rulesByText, trainingPeople } from './people.ts';
import { runProgram } from './program.ts';
import { scriptedUser } from './scripted-user.ts';

// Which checkpoint the loss would choose, and which alignment: the scripted people of the proof, and a model of two million
// weights that starts from nothing. `npm run choice`, again to resume. See docs/training.md.

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'runs/choice' },
    people: { type: 'string', default: '240' },
    cases: { type: 'string', default: '24' },
    turns: { type: 'string', default: '3' },
    epochs: { type: 'string', default: '10' },
    checkpoints: { type: 'string', default: '8' },
    /** `held-out`: people of the corpus, of few profiles. `others`: people of the proof's evaluation, each with a profile of its own. */
    validation: { type: 'string', default: 'others' },
    phrases: { type: 'string', default: 'training' },
    python: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});
const { out } = values;

await runProgram(values, async ({ run, seed, say, signal }) => {
  const python = values.python ?? (await setupPython({ signal }));
  const data = join(out, 'data');
  const people = trainingPeople(Number(values.people), seed);
  await buildCorpus({ run, people, turns: 2, folder: data, validationShare: 0.2, signal });
  const file = (split: string) => join(data, `trl-sft.${split}.jsonl`);

  const base = join(out, 'base');
  if (!existsSync(join(base, 'config.json'))) {
    const script = new URL('make_small_model.py', import.meta.url).pathname;
    const { exitCode, stderr } = await runCommand([python, script, file('train'), base], { signal });
    if (exitCode !== 0) throw new Error(stderr);
  }
  const job = await interactToAlign({
    name: 'choice',
    base,
    sft: { train: file('train'), validation: file('validation') },
    checkpoints: Number(values.checkpoints),
    sftOptions: {
      use_peft: false,
      per_device_train_batch_size: 16,
      gradient_accumulation_steps: 1,
      learning_rate: 2e-3,
      max_length: 512,
      num_train_epochs: Number(values.epochs),
      gradient_checkpointing: false,
    },
    resources: { gpus: 0 },
    environment: { HF_HUB_OFFLINE: '1', OMP_NUM_THREADS: '1' },
  });
  const backend = local({ dir: join(out, 'training'), python });
  const handle = await backend.submit(job, { signal });
  for await (const event of followTraining(backend, handle, { signal })) {
    if (event.type === 'metric-logged' && event.metric.values.eval_loss !== undefined) {
      say(`step ${event.metric.step}: eval loss ${event.metric.values.eval_loss.toFixed(3)}`);
    }
    if (event.type === 'state-changed') say(event.status.reason ?? event.status.state);
  }

  const count = Number(values.cases);
  const cases =
    values.validation === 'others'
      ? evaluationCases(count, seed)
      : (await validationCases(data, join(data, 'conversations.jsonl'))).slice(0, count);
  const choice = await chooseCheckpoint({
    backend,
    jobs: [handle],
    run,
    python,
    candidate: {
      prompt: lockPrompt(asTrained, { conversation: [] }),
      messages: (conversation) => asTrained.messages({ conversation }),
    },
    evaluation: {
      cases,
      user: scriptedUser(
        rulesByText(cases.map(({ persona }) => persona)),
        values.phrases === 'training' ? 'training' : 'evaluation',
      ),
      judge: ruleJudge(),
      turns: Number(values.turns),
      prompts: { user: steeredRolePlayerPrompt },
      responses: { temperature: 0, maxOutputTokens: MAX_OUTPUT_TOKENS },
      concurrency: 1,
    },
    onEvent: (event) => {
      if (event.type === 'checkpoint-end')
        say(`${event.candidate}: AL ${event.measured.result.average?.toFixed(2)}`);
    },
    signal,
  });
  console.log(`\n${describeChoice(choice)}`);
});
