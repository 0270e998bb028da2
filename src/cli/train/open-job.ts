import type { StringArgDef } from 'citty';
import { DEFAULT_DIR, ENGINE_OPTION, engineOptionArg } from './engines.ts';
import { namedValues } from './named-values.ts';
import { newestSubmission, openSubmission } from './submission.ts';

/** The flags that name a submitted job. */
export const submittedArgs: Readonly<Record<'job' | 'key-env' | typeof ENGINE_OPTION, StringArgDef>> = {
  job: {
    type: 'string',
    valueHint: 'PATH',
    description: `Path of a submission, as printed by submit (default: the newest in ${DEFAULT_DIR}).`,
  },
  'key-env': {
    type: 'string',
    description: 'Environment variable that holds the API key, if the job was submitted with one.',
  },
  ...engineOptionArg,
};

/** Printed after an interruption. */
export const CHECK_AGAIN = 'Run the same command to check again.';

/** The job that the flags name, and its backend. @throws as `openSubmission` does. */
export async function openJob(
  args: Readonly<Partial<Record<keyof typeof submittedArgs, string>>>,
): ReturnType<typeof openSubmission> {
  const options = await namedValues(ENGINE_OPTION, args[ENGINE_OPTION]);
  return openSubmission(args.job ?? (await newestSubmission(DEFAULT_DIR)), args['key-env'], options);
}
