import { type BooleanArgDef, type CommandDef, defineCommand, type StringArgDef } from 'citty';
import { InvalidOptionError } from '../../errors.ts';
import { fetchArtifacts } from '../../training/fetch-artifacts.ts';
import { followTraining, isFinal } from '../../training/follow-training.ts';
import { checkArguments } from '../check-arguments.ts';
import { guarded } from '../guarded.ts';
import { DEFAULT_FOLDER } from './engines.ts';
import { newestSubmission } from './newest-submission.ts';
import { openSubmission } from './submission.ts';
import { describeStatus, GOES_ON, lastMetrics, showTraining } from './training-display.ts';

const RESUME = 'Run the same command to look again.';

type RequiredText = StringArgDef & { readonly required: true };

const job: StringArgDef = {
  type: 'string',
  description: `A submission's file, or its folder. Default: the newest in ${DEFAULT_FOLDER}.`,
};

async function openJob(given: string | undefined): ReturnType<typeof openSubmission> {
  return openSubmission(given ?? (await newestSubmission(DEFAULT_FOLDER)));
}

const statusArgs: Record<'job', StringArgDef> & Record<'follow' | 'json', BooleanArgDef> = {
  job,
  follow: { type: 'boolean', description: 'Go on looking until it has ended.' },
  json: { type: 'boolean', description: 'State, exit code, reason and all metrics as JSON.' },
};

export const statusCommand: CommandDef<typeof statusArgs> = defineCommand({
  meta: { name: 'status', description: 'Where a job stands. The exit code is 1 when it failed or is lost.' },
  args: statusArgs,
  run: ({ args }) =>
    guarded(
      async (signal) => {
        checkArguments(args, statusArgs);
        if (args.follow && args.json)
          throw new InvalidOptionError('json', 'one look, without --follow', true);
        const { backend, handle } = await openJob(args.job);
        const status = args.follow
          ? await showTraining(backend, handle, signal)
          : await backend.status(handle, { signal });
        if (!args.follow) {
          const metrics = await backend.metrics(handle, { signal });
          if (args.json) console.log(JSON.stringify({ ...status, metrics }));
          else console.log([describeStatus(status), ...lastMetrics(metrics)].join('\n  '));
        }
        if (status.state === 'failed' || status.state === 'lost') process.exitCode = 1;
      },
      RESUME,
      GOES_ON,
    ),
});

const logsArgs: Record<'job', StringArgDef> & Record<'follow', BooleanArgDef> = {
  job,
  follow: { type: 'boolean', description: 'Go on with what comes, until the job has ended.' },
};

export const logsCommand: CommandDef<typeof logsArgs> = defineCommand({
  meta: { name: 'logs', description: 'What a job has written.' },
  args: logsArgs,
  run: ({ args }) =>
    guarded(
      async (signal) => {
        checkArguments(args, logsArgs);
        const { backend, handle } = await openJob(args.job);
        if (args.follow) {
          for await (const event of followTraining(backend, handle, { pollMs: 1_000, signal })) {
            if (event.type === 'log-output') process.stdout.write(event.text);
          }
          return;
        }
        let piece = await backend.logs(handle, undefined, { signal });
        while (piece.text !== '') {
          process.stdout.write(piece.text);
          piece = await backend.logs(handle, piece.cursor, { signal });
        }
      },
      RESUME,
      GOES_ON,
    ),
});

const cancelArgs: Record<'job', StringArgDef> = { job };

export const cancelCommand: CommandDef<typeof cancelArgs> = defineCommand({
  meta: {
    name: 'cancel',
    description: 'End a job. Submitted again, it goes on from its last checkpoint.',
  },
  args: cancelArgs,
  run: ({ args }) =>
    guarded(async (signal) => {
      checkArguments(args, cancelArgs);
      const { backend, handle } = await openJob(args.job);
      await backend.cancel(handle, { signal });
      const status = await backend.status(handle, { signal });
      console.log(
        isFinal(status) ? describeStatus(status) : `The engine was told; it is ${status.state} still.`,
      );
    }, RESUME),
});

const fetchArgs: Record<'job', StringArgDef> & Record<'out', RequiredText> = {
  job,
  out: { type: 'string', required: true, description: 'Folder for the result.' },
};

export const fetchCommand: CommandDef<typeof fetchArgs> = defineCommand({
  meta: { name: 'fetch', description: 'Copy the files of a result here, each checked against its sum.' },
  args: fetchArgs,
  run: ({ args }) =>
    guarded(async (signal) => {
      checkArguments(args, fetchArgs);
      const { backend, handle } = await openJob(args.job);
      const artifacts = await backend.artifacts(handle, { signal });
      const { copied, elsewhere } = await fetchArtifacts(artifacts, args.out, signal);
      for (const path of copied) console.log(path);
      for (const { path, location } of elsewhere) console.log(`${path} is not on this machine: ${location}`);
      if (artifacts.length === 0) {
        console.error(`No result: ${describeStatus(await backend.status(handle, { signal }))}`);
        process.exitCode = 1;
      }
    }, 'Run the same command to copy all of it again.'),
});
