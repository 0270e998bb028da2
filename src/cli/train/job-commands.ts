import { type BooleanArgDef, type CommandDef, defineCommand, type StringArgDef } from 'citty';
import { InvalidOptionError } from '../../errors.ts';
import { fetchArtifacts } from '../../training/fetch-artifacts.ts';
import { followTraining, isFinal } from '../../training/follow-training.ts';
import { checkArguments } from '../check-arguments.ts';
import { EXIT } from '../exit-status.ts';
import { guarded } from '../guarded.ts';
import { print, printError, printJson, printPart } from '../terminal.ts';
import { DEFAULT_DIR } from './engines.ts';
import { newestSubmission, openSubmission } from './submission.ts';
import { describeStatus, GOES_ON, lastMetrics, showTraining } from './training-display.ts';

const RESUME = 'Run the same command to check again.';

type RequiredText = StringArgDef & { readonly required: true };

type JobArgs = Readonly<Record<'job' | 'key-env', StringArgDef>>;

const jobArgs: JobArgs = {
  job: {
    type: 'string',
    description: `Path of a submission, as printed by submit (default: the newest in ${DEFAULT_DIR}).`,
  },
  'key-env': {
    type: 'string',
    description: 'Environment variable that holds the API key, if the job was submitted with one.',
  },
};

async function openJob(
  args: Readonly<Partial<Record<keyof JobArgs, string>>>,
): ReturnType<typeof openSubmission> {
  return openSubmission(args.job ?? (await newestSubmission(DEFAULT_DIR)), args['key-env']);
}

const statusArgs: JobArgs & Record<'follow' | 'json', BooleanArgDef> = {
  ...jobArgs,
  follow: { type: 'boolean', description: 'Keep watching until the job ends.' },
  json: { type: 'boolean', description: 'Print state, exit code, reason and all metrics as JSON.' },
};

export const statusCommand: CommandDef<typeof statusArgs> = defineCommand({
  meta: { name: 'status', description: 'Show the state of a job. Exit code 1 if it failed or was lost.' },
  args: statusArgs,
  run: ({ args }) =>
    guarded(
      async (signal) => {
        checkArguments(args, statusArgs);
        if (args.follow && args.json) throw new InvalidOptionError('json', 'no --follow beside it', true);
        const { backend, handle } = await openJob(args);
        const status = args.follow
          ? await showTraining(backend, handle, signal)
          : await backend.status(handle, { signal });
        if (!args.follow) {
          const metrics = await backend.metrics(handle, { signal });
          if (args.json) printJson({ ...status, metrics });
          else print([describeStatus(status), ...lastMetrics(metrics)].join('\n  '));
        }
        if (status.state === 'failed' || status.state === 'lost') process.exitCode = EXIT.failed;
      },
      RESUME,
      GOES_ON,
    ),
});

const logsArgs: JobArgs & Record<'follow', BooleanArgDef> = {
  ...jobArgs,
  follow: { type: 'boolean', description: 'Keep printing new output until the job ends.' },
};

export const logsCommand: CommandDef<typeof logsArgs> = defineCommand({
  meta: { name: 'logs', description: 'Print the log of a job.' },
  args: logsArgs,
  run: ({ args }) =>
    guarded(
      async (signal) => {
        checkArguments(args, logsArgs);
        const { backend, handle } = await openJob(args);
        if (args.follow) {
          for await (const event of followTraining(backend, handle, { pollMs: 1_000, signal })) {
            if (event.type === 'log-written') printPart(event.text);
          }
          return;
        }
        let piece = await backend.logs(handle, undefined, { signal });
        while (piece.text !== '') {
          printPart(piece.text);
          piece = await backend.logs(handle, piece.cursor, { signal });
        }
      },
      RESUME,
      GOES_ON,
    ),
});

const cancelArgs: JobArgs = jobArgs;

export const cancelCommand: CommandDef<typeof cancelArgs> = defineCommand({
  meta: {
    name: 'cancel',
    description: 'Cancel a job. Submit it again to resume from its last checkpoint.',
  },
  args: cancelArgs,
  run: ({ args }) =>
    guarded(async (signal) => {
      checkArguments(args, cancelArgs);
      const { backend, handle } = await openJob(args);
      await backend.cancel(handle, { signal });
      const status = await backend.status(handle, { signal });
      print(
        isFinal(status)
          ? describeStatus(status)
          : `Cancellation requested; the job is still ${status.state}.`,
      );
    }, RESUME),
});

const fetchArgs: JobArgs & Record<'out', RequiredText> = {
  ...jobArgs,
  out: { type: 'string', required: true, description: 'Directory for the result.' },
};

export const fetchCommand: CommandDef<typeof fetchArgs> = defineCommand({
  meta: { name: 'fetch', description: 'Copy the result to a directory and verify its checksums.' },
  args: fetchArgs,
  run: ({ args }) =>
    guarded(async (signal) => {
      checkArguments(args, fetchArgs);
      const { backend, handle } = await openJob(args);
      const artifacts = await backend.artifacts(handle, { signal });
      const { copied, elsewhere } = await fetchArtifacts(artifacts, args.out, signal);
      for (const path of copied) print(path);
      for (const { path, location } of elsewhere) print(`${path} is not on this machine: ${location}`);
      if (artifacts.length === 0) {
        printError(`No result: ${describeStatus(await backend.status(handle, { signal }))}`);
        process.exitCode = EXIT.failed;
      }
    }, 'Run the same command to copy everything again.'),
});
