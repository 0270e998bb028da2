import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import { InvalidOptionError } from '../errors.ts';
import { fileSha256 } from '../internal/hash.ts';
import { sleep } from '../internal/sleep.ts';
import type { TrainingBackend, TrainingHandle, TrainingStatus } from '../training/training-backend.ts';
import type { TrainingJob } from '../training/training-job.ts';
import type { ConformanceCheck } from './conformance.ts';

/** What the checks of a {@link TrainingBackend} are run with. */
export interface TrainingBackendTrial {
  /** Makes the backend anew, as another process would: what it knows of a job, it knows from the engine. */
  create(): TrainingBackend;
  /**
   * Makes a job that no other check has submitted: one that trains a moment, one that goes on until it is cancelled,
   * or one that fails.
   */
  job(kind: 'short' | 'long' | 'failing', name: string): Promise<TrainingJob>;
  /** The handle, changed so that it names a job which was never there. */
  unknown(handle: TrainingHandle): TrainingHandle;
  /** Exit code of the failing job; null where the engine tells none. */
  readonly failingExitCode: number | null;
  /** Between two looks. Default 200. */
  readonly pollMs?: number | undefined;
  /** How long a job may take to get anywhere. Default 30,000. */
  readonly timeoutMs?: number | undefined;
}

/** A name that a shell, a pattern, a log and a queue each would misread. */
const HOSTILE_NAME = 'it\'s "$(touch pwned)" `touch pwned`; rm -rf * && %j \\ \n é';

/** More than any short job writes. */
const MOST_PIECES = 100;

const FINAL = ['succeeded', 'failed', 'cancelled', 'lost'];

/** What every {@link TrainingBackend} keeps to. Jobs are submitted for real. */
export function trainingBackendConformance(trial: TrainingBackendTrial): ConformanceCheck[] {
  const { create, pollMs = 200, timeoutMs = 30_000 } = trial;

  /** Looks until the job is where it should be. */
  async function until(
    handle: TrainingHandle,
    arrived: (status: TrainingStatus) => boolean,
  ): Promise<TrainingStatus> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const status = await create().status(handle);
      if (arrived(status)) return status;
      const seen = JSON.stringify(status);
      assert.ok(!FINAL.includes(status.state), `it ended too early: ${seen}`);
      assert.ok(Date.now() < deadline, `nothing new after ${timeoutMs} ms: ${seen}`);
      await sleep(pollMs);
    }
  }
  const ended = ({ state }: TrainingStatus): boolean => FINAL.includes(state);
  const submit = async (kind: 'short' | 'long' | 'failing', name = 'a job') => {
    const job = await trial.job(kind, name);
    return { job, handle: await create().submit(job) };
  };

  return [
    check('a job is submitted, runs and succeeds, and leaves files whose hashes are right', async () => {
      const { job, handle } = await submit('short');
      assert.equal(handle.schema, 'aloe-training-handle/1');
      assert.equal(handle.backend, create().name);
      assert.equal(handle.job.name, job.name);
      assert.ok(!Number.isNaN(Date.parse(handle.submittedAt)));
      const status = await until(handle, ended);
      assert.equal(status.state, 'succeeded', JSON.stringify(status));
      assert.ok(status.exitCode === 0 || status.exitCode === null);
      const artifacts = await create().artifacts(handle);
      assert.ok(artifacts.length > 0, 'a trained model');
      for (const { location, sha256 } of artifacts) {
        if (sha256 !== null && existsSync(location))
          assert.equal(await fileSha256(location), sha256, location);
      }
    }),
    check('the same job, submitted again, also at once and by another process, is the same job', async () => {
      const job = await trial.job('short', 'twice');
      const handles = await Promise.all([create().submit(job), create().submit(job)]);
      handles.push(await create().submit(job));
      await until(handles[0]!, ended);
      handles.push(await create().submit(job));
      assert.equal(new Set(handles.map(({ id }) => id)).size, 1);
      assert.equal((await create().status(handles[0]!)).state, 'succeeded');
    }),
    check('a job under another name is the same job', async () => {
      const job = await trial.job('short', 'one name');
      const first = await create().submit(job);
      const second = await create().submit({ ...job, name: 'another name' });
      assert.equal(second.id, first.id);
      await until(first, ended);
    }),
    check('a handle is plain data that another process takes up', async () => {
      const { handle } = await submit('short');
      const copy = JSON.parse(JSON.stringify(handle)) as TrainingHandle;
      assert.deepEqual(copy, handle);
      assert.equal((await until(copy, ended)).state, 'succeeded');
    }),
    check('a job is cancelled half-way by another process, and stays cancelled', async () => {
      const { handle } = await submit('long');
      await until(handle, ({ state }) => state === 'running');
      await create().cancel(handle);
      assert.equal((await until(handle, ended)).state, 'cancelled');
      await create().cancel(handle);
      assert.equal((await create().status(handle)).state, 'cancelled');
      assert.deepEqual(await create().artifacts(handle), []);
    }),
    check('a job that has succeeded is not changed by cancelling it', async () => {
      const { handle } = await submit('short');
      await until(handle, ended);
      await create().cancel(handle);
      assert.equal((await create().status(handle)).state, 'succeeded');
    }),
    check('a job that fails says so, with its exit code and a reason', async () => {
      const { handle } = await submit('failing');
      const status = await until(handle, ended);
      assert.equal(status.state, 'failed', JSON.stringify(status));
      assert.equal(status.exitCode, trial.failingExitCode);
      assert.ok(status.reason, 'a reason');
      assert.deepEqual(await create().artifacts(handle), []);
    }),
    check('logs come in pieces that fit together', async () => {
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
        assert.ok(rest < MOST_PIECES, 'the log of a job that has ended comes to an end');
        pieces += piece.text;
        cursor = piece.cursor;
      }
      assert.notEqual(pieces.trim(), '', 'it says something');
      const whole = await create().logs(handle);
      assert.ok(pieces.startsWith(whole.text), 'the first piece read later is the beginning');
    }),
    check('metrics have finite values and rising steps in each stage', async () => {
      const { job, handle } = await submit('short');
      await until(handle, ended);
      const last = new Map<string, number>();
      for (const { stage, step, values } of await create().metrics(handle)) {
        assert.ok(
          job.stages.some(({ name }) => name === stage),
          stage,
        );
        assert.ok(step >= (last.get(stage) ?? 0), `steps in order, got ${step} in ${stage}`);
        assert.ok(Object.values(values).every(Number.isFinite), JSON.stringify(values));
        last.set(stage, step);
      }
    }),
    check('a preview shows what would be done and does nothing', async () => {
      const job = await trial.job('short', 'previewed');
      const first = await create().preview(job);
      assert.ok(first.actions.length > 0);
      assert.deepEqual(await create().preview(job), first);
    }),
    check('a name is never run, expanded or misread', async () => {
      const { handle } = await submit('short', HOSTILE_NAME);
      assert.equal(handle.job.name, HOSTILE_NAME);
      assert.equal((await until(handle, ended)).state, 'succeeded');
      assert.ok(!existsSync('pwned'), 'a command in a name was run');
    }),
    check('a job that the engine does not know is lost', async () => {
      const { handle } = await submit('short');
      await until(handle, ended);
      assert.equal((await create().status(trial.unknown(handle))).state, 'lost');
    }),
    check('the handle of another backend is refused', async () => {
      const { handle } = await submit('short');
      const foreign = { ...handle, backend: 'another' };
      for (const call of ['status', 'logs', 'metrics', 'cancel', 'artifacts'] as const) {
        await assert.rejects(create()[call](foreign), InvalidOptionError, call);
      }
      await until(handle, ended);
    }),
    check('a signal that was aborted before ends the call with its reason', async () => {
      const reason = new Error('stopped by the test');
      const job = await trial.job('short', 'never');
      const call = create().submit(job, { signal: AbortSignal.abort(reason) });
      await assert.rejects(call, (error) => error === reason);
    }),
  ];
}

function check(name: string, run: () => Promise<void>): ConformanceCheck {
  return { name, run };
}
