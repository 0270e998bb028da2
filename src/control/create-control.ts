import { InvalidOptionError } from '../errors.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import type { ProgressEvent, ProgressOptions } from '../progress/progress.ts';
import { checkRun, type Run, type SharedRun } from '../runs/run.ts';
import type { FinishedWork } from './finished-work.ts';
import { listenFor } from './listen.ts';
import { followRun, type LiveState, type SteeredRun } from './live-state.ts';
import { serveConnection } from './serve.ts';

/** Follows a run, and lets other processes of the same user watch and steer it. */
export interface Control {
  /** What the program is doing, for those who watch: `conversations`. Default: empty. */
  stage: string;
  /** Takes an event of the run, a builder or an evaluator. */
  take(event: ProgressEvent): void;
  /**
   * Lets other processes in, until the run is closed. A run in a database lets them in anyway, and then shows them what it is
   * doing.
   *
   * @throws InvalidOptionError for a run in memory or one that is read-only; RunStorageError if there is no place for the
   * socket.
   */
  open(run: Run): Promise<OpenControl>;
}

/** A run that listens. */
export interface OpenControl {
  /** What the run is doing now. */
  state(): LiveState;
  /** The last conversations and cases that were finished after the first `after` ones. At most 40 are kept. */
  finished(after: number): FinishedWork;
  /** Stops listening. The run itself goes on. */
  close(): void;
}

/**
 * Makes a run of your own program listen to `aloe runs watch`, `pause`, `resume` and `retune`, as the commands of `aloe` do
 * by themselves. It listens on a unix socket (on Windows, a named pipe) of this user, never on the network. A run in a database
 * needs none. For yourself, `run.steering` does the same without a socket.
 *
 * @example
 * ```ts
 * import { ConversationTreeBuilder, openRun } from 'aloe-align';
 * import { createControl } from 'aloe-align/control';
 *
 * const control = createControl({ total: 100, turns: 10 });
 * const run = await openRun('runs/first', { onEvent: control.take });
 * await control.open(run);
 * const builder = new ConversationTreeBuilder({ run, roles: model, onEvent: control.take });
 * ```
 *
 * @param options As for `trackProgress`.
 * @throws InvalidOptionError naming an option that is unknown or wrong.
 */
export function createControl(options: ProgressOptions = {}): Control {
  checkKnownOptions<ProgressOptions>('createControl()', options, { total: true, turns: true, prices: true });
  const live = followRun(options);
  const control: Control = {
    stage: '',
    take: live.take,
    async open(given) {
      const { dir, shared, run } = checkSteered(given);
      const { steering } = run;
      const state = () => live.state(run, control.stage);
      if (shared !== undefined) {
        // Whoever steers it asks the database, which the run does by itself.
        shared.show(state);
        return { state, finished: live.finished, close: () => shared.show(null) };
      }
      const listening = await listenFor(dir, (socket) =>
        serveConnection(socket, (task) => {
          switch (task.do) {
            case 'state':
              return state();
            case 'finished':
              return live.finished(task.after);
            case 'pause':
              return { changed: steering.pause(), state: state() };
            case 'resume':
              return { changed: steering.resume(), state: state() };
            case 'retune': {
              const before = steering.settings;
              const isChanged = Object.keys(task.changes).length > 0;
              return { before, after: isChanged ? steering.retune(task.changes) : before };
            }
          }
        }),
      );
      steering.onClose(listening.close);
      return { state, finished: live.finished, close: listening.close };
    },
  };
  return control;
}

type Reachable = { readonly run: SteeredRun } & (
  | { readonly dir: string; readonly shared: undefined }
  | { readonly dir: null; readonly shared: SharedRun }
);

function checkSteered(given: Run): Reachable {
  checkRun(given);
  const { dir, steering, shared } = given;
  if (steering !== undefined) {
    const run = given as SteeredRun;
    if (shared !== undefined) return { run, dir: null, shared };
    if (dir !== null) return { run, dir, shared };
  }
  throw new InvalidOptionError('run', 'a run in a directory or a database that is not read-only', given);
}
