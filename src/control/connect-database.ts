import type { ConversationTree } from '../conversations/conversation-tree.ts';
import { InvalidOptionError, RunConflictError } from '../errors.ts';
import type { EvaluatedCase } from '../evaluation/evaluated-case.ts';
import { sleep } from '../internal/sleep.ts';
import type { RunEvent } from '../runs/events.ts';
import { connectRun } from '../runs/manage/merge-database.ts';
import { readProcesses, type WorkingProcess } from '../runs/postgres/read-processes.ts';
import { requireSteering } from '../runs/postgres/schema.ts';
import { readPause, steerAll } from '../runs/postgres/steering-log.ts';
import type { ProcessState } from '../runs/steering/process-state.ts';
import { checkRetuning, type Retuning, type SteeringTask } from '../runs/steering/steering.ts';
import { countFinished, type FinishedJob, finishedAfter } from '../runs/work/shared/finished-jobs.ts';
import type { ControlClient } from './control-client.ts';
import { type FinishedPiece, type FinishedWork, MAX_KEPT } from './finished-work.ts';
import { jointSettings, jointState } from './joint-state.ts';
import type { LiveState } from './live-state.ts';
import type { ControlTask, PauseReply, ResumeReply, RetuneReply } from './protocol.ts';

/** How often to ask whether all processes have followed. */
const POLL_MS = 200;

/**
 * Connects to the database of a run, through which all of its processes are watched and steered.
 *
 * @throws RunStorageError if there is no such run, or the database cannot be reached; RunConflictError if its tables are of
 * another version.
 *
 * @param onEvent Called when the database is away, and when it is back.
 */
export async function connectToDatabase(
  url: string,
  onEvent?: (event: RunEvent) => void,
): Promise<ControlClient> {
  const { id: run, address, database } = await connectRun(url, onEvent);
  const { name, schema } = address;
  try {
    await requireSteering(database, address);
  } catch (error) {
    await database.close();
    throw error;
  }

  const processes = () => readProcesses(database, schema, run);

  async function working(): Promise<WorkingProcess[]> {
    const found = await processes();
    if (found.length > 0) return found;
    throw new RunConflictError(`No process works on ${name}.`, {
      hint: 'Start its program to go on with it.',
    });
  }

  async function state(): Promise<LiveState> {
    const found = await working();
    const [pause, count] = await Promise.all([
      readPause(database, schema, run),
      countFinished(database, schema, run),
    ]);
    return jointState(name, found, pause, count);
  }

  async function finished(after: number): Promise<FinishedWork> {
    const { jobs, count } = await finishedAfter(database, schema, run, { after, limit: MAX_KEPT });
    return { pieces: jobs.map(toPiece), next: count };
  }

  /** Tells all processes, and waits until each of them has followed, or is taken for dead. */
  async function steer(task: SteeringTask): Promise<boolean> {
    const id = await steerAll(database, address, run, task);
    if (id === null) return false;
    while ((await processes()).some(({ steered }) => steered < id)) await sleep(POLL_MS);
    return true;
  }

  async function retune(changes: Retuning): Promise<RetuneReply> {
    const found = await working();
    const states = found.flatMap(told);
    const before = jointSettings(states);
    if (Object.keys(changes).length === 0) return { before, after: before };
    checkRetuning(changes, Object.keys(before.limits));
    const unpriced = states.flatMap((own) => own.state.unpriced)[0];
    if (typeof changes.budget?.usd === 'number' && unpriced !== undefined) {
      throw new InvalidOptionError(
        `prices["${unpriced}"]`,
        'a price, because the budget is in dollars',
        undefined,
      );
    }
    await steer({ do: 'retune', changes });
    const after = (await processes()).flatMap(told);
    // It met a model without a price after its last report.
    const failed = after.find((own) => own.state.problem !== null);
    if (failed === undefined) return { before, after: jointSettings(after) };
    throw new InvalidOptionError(
      `Process ${failed.pid} on ${failed.host} did not follow: ${failed.state.problem}`,
      { hint: 'The others did. Change it back, or end this one.' },
    );
  }

  return {
    async ask(task: ControlTask): Promise<unknown> {
      switch (task.do) {
        case 'state':
          return state();
        case 'finished':
          return finished(task.after);
        case 'pause': {
          await working();
          return { changed: await steer({ do: 'pause' }), state: await state() } satisfies PauseReply;
        }
        case 'resume':
          // A pause outlives the processes, so there may be none.
          return { changed: await steer({ do: 'resume' }) } satisfies ResumeReply;
        case 'retune':
          return retune(task.changes);
      }
    },
    close: () => void database.close(),
  };
}

function toPiece({ work: { kind, subject }, text }: FinishedJob): FinishedPiece {
  const result: unknown = JSON.parse(text);
  if (kind === 'conversation') return { kind, tree: result as ConversationTree };
  const { evaluated } = result as { readonly evaluated: EvaluatedCase };
  return { kind, candidate: String(subject.candidate), played: evaluated };
}

/** A process that has reported its state, or none. */
function told(own: WorkingProcess): (WorkingProcess & { readonly state: ProcessState })[] {
  return own.state === null ? [] : [{ ...own, state: own.state }];
}
