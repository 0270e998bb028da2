import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { TrainingError } from '../../errors.ts';
import { checkPath } from '../../internal/check-path.ts';
import { messageOf } from '../../internal/message-of.ts';
import { checkKnownOptions } from '../../internal/option-checks.ts';
import { checkNumber } from '../../internal/options.ts';
import { type CommandRunner, runCommand } from '../../internal/run-command.ts';
import { shellQuote } from '../../internal/shell-quote.ts';
import { checkPython } from '../doctor/check-python.ts';
import { clearOutcome, folderOutcome, LOG_FILE } from '../folder/folder-outcome.ts';
import { readExitCode } from '../folder/job-folder.ts';
import { defaultPython, programPath } from '../folder/setup-python.ts';
import { checkPassEnv, trainerEnvironment } from '../folder/trainer-environment.ts';
import { checkOneNode } from '../job/check-job.ts';
import type { TrainingBackend } from '../training-backend.ts';
import { folderBackend } from './folder-backend.ts';
import { endGroup, groupOf, isGroupAlive } from './process-group.ts';
import { refuseWindows } from './refuse-windows.ts';

/** Options of {@link local}. */
export interface LocalBackendOptions {
  /** Directory for jobs. Each gets a subdirectory, named after the job's id. Default `runs/training`. */
  readonly dir?: string | undefined;
  /**
   * A Python with TRL: a program name, or a path. Default: the environment that `setupPython()` made in its default
   * directory, if it is complete when `local()` is called; otherwise `python3`.
   */
  readonly python?: string | undefined;
  /**
   * Names of more environment variables that trainers get, such as `['HF_TOKEN', 'WANDB_API_KEY']`. Without it they get
   * what they may need (paths, caches, devices, proxies, certificates), but no API key. Default: none.
   */
  readonly passEnv?: readonly string[] | undefined;
  /** How long a cancelled trainer may take to exit before it is killed, in milliseconds. Default 10,000. */
  readonly graceMs?: number | undefined;
}

const NAME = 'local';

/** Pids 0 and 1 would stand for this process's group, and for every process of the user. */
const processSchema = z.object({ pid: z.int().min(2), startedAt: z.string(), submittedAt: z.string() });

/**
 * Trains on this machine (Linux or macOS). Each job runs in its own process group and outlives the process that
 * submitted it; any other process can follow or cancel it with the handle. A job that failed, was cancelled or was lost
 * resumes from its last checkpoint when you submit it again.
 *
 * @throws InvalidOptionError for an unknown option, or an invalid `passEnv` or `graceMs`.
 * @example
 * ```ts
 * import { interactToAlign, setupPython } from 'aloe-align/training';
 * import { local } from 'aloe-align/training/local';
 *
 * const backend = local({ python: await setupPython() });
 * const job = await interactToAlign({ base: 'HuggingFaceTB/SmolLM2-135M-Instruct', dpo: 'data/trl-dpo.train.jsonl' });
 * const handle = await backend.submit(job); // trains in runs/training/<id>
 * ```
 */
export function local(options: LocalBackendOptions = {}): TrainingBackend {
  refuseWindows('local');
  checkKnownOptions('local()', options, { dir: true, python: true, passEnv: true, graceMs: true });
  const dir = resolve(checkPath('dir', options.dir ?? 'runs/training'));
  const python = programPath(options.python ?? defaultPython());
  const passEnv = checkPassEnv(options.passEnv);
  const graceMs = checkNumber('graceMs', options.graceMs ?? 10_000, { min: 0 });

  return folderBackend({
    name: NAME,
    dir,
    record: {
      file: 'process.json',
      schema: processSchema,
      hint: 'Make sure no trainer of this job is running (see ps), delete the file, and submit the job again to resume.',
    },
    checkJob: (job) => checkOneNode(job, 'this machine'),
    plan: (_job, { folder }) => ({
      command: `cd ${shellQuote(folder)} && ALOE_PYTHON=${shellQuote(python)} bash run.sh`,
      files: {},
    }),
    async start(_job, { folder }, save) {
      await clearOutcome(folder);
      const log = await open(join(folder, LOG_FILE), 'a');
      try {
        // It waits for a word on stdin. So no job runs without a process.json, even if this process dies now.
        // --norc: bash takes a pipe of Node for sshd's, and would run ~/.bashrc.
        const words = ['--norc', '-c', 'read -r word && [ "$word" = start ] && exec bash run.sh'];
        const child = spawn('bash', words, {
          cwd: folder,
          detached: true,
          env: { ...trainerEnvironment(process.env, passEnv), ALOE_PYTHON: python },
          stdio: ['pipe', log.fd, log.fd],
        });
        const group = await groupOf(await pidOf(child));
        if (group === null) throw new TrainingError(NAME, 'The job exited immediately.');
        const submission = await save({ ...group, submittedAt: new Date().toISOString() });
        child.stdin?.end('start\n');
        child.unref();
        return submission;
      } finally {
        await log.close();
      }
    },
    async status({ folder }, group) {
      const hasExited = (await readExitCode(folder)) !== null;
      if (!hasExited && group !== null && (await isGroupAlive(group))) {
        return { state: 'running', exitCode: null, reason: null };
      }
      const reason = 'The process is gone and left no exit status.';
      return (await folderOutcome(folder)) ?? { state: 'lost', exitCode: null, reason };
    },
    stop: (group, { signal }) => endGroup(group, graceMs, signal),
    check(job, { signal }) {
      const run: CommandRunner = (command, call) =>
        runCommand(command, { ...call, env: trainerEnvironment(process.env, passEnv) });
      return checkPython({ job, folder: dir, python, hasGpus: true, run, signal });
    },
  });
}

async function pidOf(child: ChildProcess): Promise<number> {
  try {
    await once(child, 'spawn');
  } catch (cause) {
    throw new TrainingError(NAME, `Could not start bash (${messageOf(cause)}).`, { cause });
  }
  return child.pid!;
}
