import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import { InvalidOptionError } from '../errors.ts';
import { fileSha256 } from '../internal/hash.ts';
import { sleep } from '../internal/sleep.ts';
import type { TrainingJob } from '../training/job/training-job.ts';
import type { TrainingBackend, TrainingHandle, TrainingStatus } from '../training/training-backend.ts';
import { type ConformanceCheck, check } from './conformance.ts';

/** What {@link trainingBackendConformance} needs to test a backend. */
export interface TrainingBackendTrial {
  /** Makes a new backend, as another process would: it can know about jobs only from the engine. */
  create(): TrainingBackend;
  /**
   * Makes a job that has not been submitted before: one that finishes within moments, one that runs until it is
   * cancelled, or one that fails.
   */
  job(kind: 'short' | 'long' | 'failing', name: string): Promise<TrainingJob>;
  /** Returns a copy of the handle for a job that never existed. */
  unknown(handle: TrainingHandle): TrainingHandle;
  /** Exit code of the failing job; null if the engine does not report one. */
  readonly failingExitCode: number | null;
  /** Time between two status calls, in milliseconds. Default 200. */
  readonly pollMs?: number | undefined;
  /** How long to wait for a job to reach a state, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number | undefined;
}

/** A name that shells, glob patterns, logs and queues would misread if it were not escaped. */
const HOSTILE_NAME = 'it\'s "$(touch pwned)" `touch pwned`; rm -rf * && %j \\ \n é';

/** More than a short job writes. */
const MAX_PIECES = 100;

const FINAL = ['succeeded', 'failed', 'cancelled', 'lost'];

/**
 * The requirements for every {@link TrainingBackend}. Running them submits real jobs; {@link writeFakeTrainer} makes them
 * short.
 */
export function trainingBackendConformance(trial: TrainingBackendTrial): ConformanceCheck[] {
  const { create, pollMs = 200, timeoutMs = 30_000 } = trial;

  /** Polls until the job has the expected status. */
  async function until(
    handle: TrainingHandle,
    arrived: (status: TrainingStatus) => boolean,
  ): Promise<TrainingStatus> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const status = await create().status(handle);
      if (arrived(status)) return status;
      const seen = JSON.stringify(status);
      assert.ok(!FINAL.includes(status.state), `the job ended in another state: ${seen}`);
      assert.ok(Date.now() < deadline, `the job did not get there within ${timeoutMs} ms: ${seen}`);
      await sleep(pollMs);
    }
  }
  const ended = ({ state }: TrainingStatus): boolean => FINAL.includes(state);
  const submit = async (kind: 'short' | 'long' | 'failing', name = 'a job') => {
    const job = await trial.job(kind, name);
    return { job, handle: await create().submit(job) };
  };

  return [
    check('a job is submitted, runs, succeeds and leaves files with correct hashes', async () => {
      const { job, handle } = await submit('short');
      assert.equal(handle.schema, 'aloe-training-handle/1');
      assert.equal(handle.backend, create().name);
      assert.equal(handle.job.name, job.name);
      assert.ok(!Number.isNaN(Date.parse(handle.submittedAt)));
      const status = await until(handle, ended);
      assert.equal(status.state, 'succeeded', JSON.stringify(status));
      assert.ok(status.exitCode === 0 || status.exitCode === null);
      const artifacts = await create().artifacts(handle);
      assert.ok(artifacts.length > 0, 'a successful job has artifacts');
      for (const { location, sha256 } of artifacts) {
        if (sha256 !== null && existsSync(location))
          assert.equal(await fileSha256(location), sha256, location);
      }
    }),
    check(
      'submitting a job again, at the same time or from another process, returns the same job',
      async () => {
        const job = await trial.job('short', 'twice');
        const handles = await Promise.all([create().submit(job), create().submit(job)]);
        handles.push(await create().submit(job));
        await until(handles[0]!, ended);
        handles.push(await create().submit(job));
        assert.equal(new Set(handles.map(({ id }) => id)).size, 1);
        assert.equal((await create().status(handles[0]!)).state, 'succeeded');
      },
    ),
    check('a job under another name is the same job', async () => {
      const job = await trial.job('short', 'one name');
      const first = await create().submit(job);
      const second = await create().submit({ ...job, name: 'another name' });
      assert.equal(second.id, first.id);
      await until(first, ended);
    }),
    check('a handle is plain data that another process can use', async () => {
      const { handle } = await submit('short');
      const copy = JSON.parse(JSON.stringify(handle)) as TrainingHandle;
      assert.deepEqual(copy, handle);
      assert.equal((await until(copy, ended)).state, 'succeeded');
    }),
    check('another process can cancel a running job, and it stays cancelled', async () => {
      const { handle } = await submit('long');
      await until(handle, ({ state }) => state === 'running');
      await create().cancel(handle);
      assert.equal((await until(handle, ended)).state, 'cancelled');
      await create().cancel(handle);
      assert.equal((await create().status(handle)).state, 'cancelled');
      assert.deepEqual(await create().artifacts(handle), []);
    }),
    check('cancelling a finished job does not change it', async () => {
      const { handle } = await submit('short');
      await until(handle, ended);
      await create().cancel(handle);
      assert.equal((await create().status(handle)).state, 'succeeded');
    }),
    check('a failed job has its exit code and a reason', async () => {
      const { handle } = await submit('failing');
      const status = await until(handle, ended);
      assert.equal(status.state, 'failed', JSON.stringify(status));
      assert.equal(status.exitCode, trial.failingExitCode);
      assert.ok(status.reason, 'a failed job has a reason');
      assert.deepEqual(await create().artifacts(handle), []);
    }),
    check('pieces of a log add up to the whole log', async () => {
      const { handle } = await submit('short');
      let pieces = '';
      let cursor: string | undefined;
      do {
        const piece = await create().logs(handle, cursor);
        pieces += piece.text;
        cursor = piece.cursor;
        await sleep(pollMs);
      } while (!ended(await create().status(handle)));
      for (let rest = 0; ; rest++) {
        const piece = await create().logs(handle, cursor);
        if (piece.text === '') break;
        assert.ok(rest < MAX_PIECES, 'the log of a finished job must come to an end');
        pieces += piece.text;
        cursor = piece.cursor;
      }
      assert.notEqual(pieces.trim(), '', 'the log is not empty');
      const whole = await create().logs(handle);
      assert.ok(pieces.startsWith(whole.text), 'without a cursor, the log is read from its beginning');
    }),
    check('metrics have finite values, and steps in ascending order in each stage', async () => {
      const { job, handle } = await submit('short');
      await until(handle, ended);
      const last = new Map<string, number>();
      for (const { stage, step, values } of await create().metrics(handle)) {
        assert.ok(
          job.stages.some(({ name }) => name === stage),
          stage,
        );
        assert.ok(
          step >= (last.get(stage) ?? 0),
          `steps must be in ascending order, got ${step} in ${stage}`,
        );
        assert.ok(Object.values(values).every(Number.isFinite), JSON.stringify(values));
        last.set(stage, step);
      }
    }),
    check('a preview shows what would be done, without doing it', async () => {
      const job = await trial.job('short', 'previewed');
      const first = await create().preview(job);
      assert.ok(first.actions.length > 0);
      assert.deepEqual(await create().preview(job), first);
    }),
    check('a job name is never executed, expanded or misread', async () => {
      const { handle } = await submit('short', HOSTILE_NAME);
      assert.equal(handle.job.name, HOSTILE_NAME);
      assert.equal((await until(handle, ended)).state, 'succeeded');
      assert.ok(!existsSync('pwned'), 'a command in the name was executed');
    }),
    check('a job the engine does not know is lost', async () => {
      const { handle } = await submit('short');
      await until(handle, ended);
      assert.equal((await create().status(trial.unknown(handle))).state, 'lost');
    }),
    check('a handle of another backend is rejected', async () => {
      const { handle } = await submit('short');
      const foreign = { ...handle, backend: 'another' };
      for (const call of ['status', 'logs', 'metrics', 'cancel', 'artifacts'] as const) {
        await assert.rejects(create()[call](foreign), InvalidOptionError, call);
      }
      await until(handle, ended);
    }),
    check("a call with an aborted signal throws the signal's reason", async () => {
      const reason = new Error('stopped by the test');
      const job = await trial.job('short', 'never');
      const call = create().submit(job, { signal: AbortSignal.abort(reason) });
      await assert.rejects(call, (error) => error === reason);
    }),
  ];
}
