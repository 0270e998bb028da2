import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { transformersTokenizer } from '../../tokenizers/transformers.ts';
import { doctor } from '../../training/doctor/doctor.ts';
import type { Finding } from '../../training/training-backend.ts';
import { EXIT } from '../exit-status.ts';
import { defineVerb, type Verb } from '../verb.ts';
import { chooseEngine, ENGINE_OPTION, engineArgs, engineOptionArg, openEngine } from './engines.ts';
import { jobArgs, jobFrom } from './job-arguments.ts';
import { namedValues } from './named-values.ts';

const SIGNS: Readonly<Record<Finding['level'], string>> = {
  ok: 'ok     ',
  warning: 'warning',
  error: 'ERROR  ',
};

export const doctorCommand: Verb = defineVerb({
  args: { ...jobArgs, ...engineArgs, ...engineOptionArg },
  examples: [
    {
      words: 'train doctor --recipe recipe.json',
      what: 'Check data, tokenizer, Python, disk and GPUs of this machine.',
    },
  ],
  failed: 'A check found an error. Warnings do not count.',
  interrupted: 'Nothing was changed.',
  async run({ args, signal }) {
    const backend = await openEngine(
      chooseEngine(args),
      await namedValues(ENGINE_OPTION, args[ENGINE_OPTION]),
    );
    const job = await jobFrom(args, signal);
    // From a local directory only. For a model on the hub, the engine's Python checks the tokenizer.
    const hasTokenizer = existsSync(join(job.base, 'tokenizer.json'));
    const tokenizer = hasTokenizer ? transformersTokenizer({ modelPath: job.base }) : undefined;
    const findings = await doctor(job, backend, { tokenizer, signal });
    return {
      text: findings.map(describe).join('\n'),
      json: { findings },
      status: findings.some(({ level }) => level === 'error') ? EXIT.failed : EXIT.done,
    };
  },
});

function describe({ check, level, message, remedy }: Finding): string {
  const what = `${SIGNS[level]}  ${check}: ${message}`;
  return remedy === null ? what : `${what}\n           ${remedy}`;
}
