import { type CommandDef, defineCommand } from 'citty';

export const trainCommand: CommandDef = defineCommand({
  meta: {
    name: 'train',
    description: 'Fine-tune a model on preference data: on this machine, Slurm, Ray or a hosted service.',
  },
  subCommands: {
    submit: () => import('./train/submit-command.ts').then((module) => module.submitCommand),
    status: () => import('./train/job-commands.ts').then((module) => module.statusCommand),
    logs: () => import('./train/job-commands.ts').then((module) => module.logsCommand),
    cancel: () => import('./train/job-commands.ts').then((module) => module.cancelCommand),
    fetch: () => import('./train/job-commands.ts').then((module) => module.fetchCommand),
    doctor: () => import('./train/doctor-command.ts').then((module) => module.doctorCommand),
    setup: () => import('./train/setup-command.ts').then((module) => module.setupCommand),
  },
});
