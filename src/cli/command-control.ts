import { createControl, type OpenControl } from '../control/create-control.ts';
import { RunStorageError } from '../errors.ts';
import { shellQuote } from '../internal/shell-quote.ts';
import type { ProgressEvent, ProgressOptions } from '../progress/progress.ts';
import { displayedPlace } from '../runs/postgres-url.ts';
import type { Run } from '../runs/run.ts';
import { describeRetuning } from '../runs/steering/describe-retuning.ts';
import type { ProgressDisplay } from './progress-display.ts';

/** Lets other terminals watch and steer the run of a command. */
export interface CommandControl {
  /** Takes each event, for the display too. */
  take(event: ProgressEvent): void;
  /** Lets other terminals in. Null if the run cannot be steered; if that is a problem, it is said. */
  listen(run: Run): Promise<OpenControl | null>;
}

/**
 * The control of a command, which shows on its display what is done to its run.
 *
 * @param place The run's directory or URL.
 */
export function commandControl(
  place: string,
  display: ProgressDisplay,
  options: ProgressOptions,
): CommandControl {
  const control = createControl(options);
  return {
    take(event) {
      display.take(event);
      control.stage = display.stage;
      control.take(event);
      const notice = describeSteering(event, place);
      if (notice !== null) display.say(notice);
    },
    async listen(run) {
      if (run.steering === undefined || (run.dir === null && run.shared === undefined)) return null;
      try {
        return await control.open(run);
      } catch (error) {
        // The work is worth more than watching it.
        if (!RunStorageError.isInstance(error)) throw error;
        display.say(error.message);
        return null;
      }
    },
  };
}

function describeSteering(event: ProgressEvent, place: string): string | null {
  switch (event.type) {
    case 'run-paused':
      return `Paused. Calls in flight finish, and no new ones are sent. To go on: aloe runs resume ${shellQuote(displayedPlace(place))}`;
    case 'run-resumed':
      return 'Resumed.';
    case 'run-retuned':
      return `Changed: ${describeRetuning(event.before, event.after)}.`;
    default:
      return null;
  }
}
