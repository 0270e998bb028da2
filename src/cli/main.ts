import { defineCommand, runMain } from 'citty';
import { VERSION } from '../internal/version.ts';
import { checkCommand } from './check-command.ts';
import { guarded } from './guarded.ts';

const aloe = defineCommand({
  meta: { name: 'aloe', version: VERSION, description: 'Personalised alignment of language models.' },
  subCommands: {
    demo: () => import('./demo-command.ts').then((module) => module.demoCommand),
    data: () => import('./data-command.ts').then((module) => module.dataCommand),
    evaluate: () => import('./evaluate-command.ts').then((module) => module.evaluateCommand),
    'judge-bias': () => import('./judge-bias-command.ts').then((module) => module.judgeBiasCommand),
    quickstart: () => import('./quickstart-command.ts').then((module) => module.quickstartCommand),
    rate: () => import('./rate-command.ts').then((module) => module.rateCommand),
    report: () => import('./report-command.ts').then((module) => module.reportCommand),
    train: () => import('./train-command.ts').then((module) => module.trainCommand),
    models: () => import('./models-command.ts').then((module) => module.modelsCommand),
  },
});

/** Runs the command named in `process.argv`. */
export async function main(): Promise<void> {
  // A reader such as `head` closes the pipe when it has seen enough.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  const words = process.argv.slice(2);
  let known = false;
  await guarded(async () => {
    await checkCommand(aloe, words);
    known = true;
  }, 'Interrupted.');
  if (known) await runMain(aloe);
}
