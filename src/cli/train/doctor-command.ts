import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type BooleanArgDef, type CommandDef, defineCommand } from 'citty';
import { transformersTokenizer } from '../../tokenizers/transformers.ts';
import { doctor } from '../../training/doctor.ts';
import type { Finding } from '../../training/training-backend.ts';
import { checkArguments } from '../check-arguments.ts';
import { EXIT } from '../exit-status.ts';
import { guarded } from '../guarded.ts';
import { print, printJson } from '../terminal.ts';
import { chooseEngine, engineArgs, openEngine } from './engines.ts';
import { jobArgs, jobFrom } from './job-arguments.ts';

const doctorArgs: typeof jobArgs & typeof engineArgs & Record<'json', BooleanArgDef> = {
  ...jobArgs,
  ...engineArgs,
  json: { type: 'boolean', description: 'Print the findings as JSON.' },
};

const SIGNS: Readonly<Record<Finding['level'], string>> = {
  ok: 'ok     ',
  warning: 'warning',
  error: 'ERROR  ',
};

export const doctorCommand: CommandDef<typeof doctorArgs> = defineCommand({
  meta: {
    name: 'doctor',
    description: 'Check a job for problems before anything is spent. Exit code 1 if there are errors.',
  },
  args: doctorArgs,
  run: ({ args }) =>
    guarded(async (signal) => {
      checkArguments(args, doctorArgs);
      const backend = await openEngine(chooseEngine(args));
      const job = await jobFrom(args, signal);
      // From a local directory only. For a model on the hub, the engine's Python checks the tokenizer.
      const hasTokenizer = existsSync(join(job.base, 'tokenizer.json'));
      const tokenizer = hasTokenizer ? transformersTokenizer({ modelPath: job.base }) : undefined;
      const findings = await doctor(job, backend, { tokenizer, signal });
      if (args.json) printJson(findings);
      else print(findings.map(describe).join('\n'));
      if (findings.some(({ level }) => level === 'error')) process.exitCode = EXIT.failed;
    }, 'Nothing was changed.'),
});

function describe({ check, level, message, remedy }: Finding): string {
  const what = `${SIGNS[level]}  ${check}: ${message}`;
  return remedy === null ? what : `${what}\n           ${remedy}`;
}
