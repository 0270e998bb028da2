import { errorSentence } from '../internal/describe-error.ts';
import { counted, duration } from '../internal/format.ts';
import { describeBatch } from '../progress/describe-batch.ts';
import { describeProgress } from '../progress/describe-progress.ts';
import { type ProgressEvent, type ProgressOptions, trackProgress } from '../progress/progress.ts';
import { createStatusLine, printError } from './terminal.ts';

/** Events may arrive by the thousand per second, so the display is redrawn on a timer. */
const REDRAW_MS = 250;

/** A status line on stderr. */
export interface ProgressDisplay {
  /** Current phase, shown before the progress. */
  stage: string;
  /** Feeds one event of a run, builder or evaluator. */
  take(event: ProgressEvent): void;
  /** Prints to stderr, above the status line. */
  say(text: string): void;
  /** Removes the line and stops redrawing. */
  stop(): void;
}

/** What a run reports once and the reader should know. Null for all other events. */
function describeNotice(event: ProgressEvent): string | null {
  switch (event.type) {
    case 'run-opened-read-only':
      if (event.reason === 'requested') return null;
      return event.reason === 'former-version'
        ? `${event.dir} is a run of version 0.1. Stored calls are replayed, and no new ones are made.`
        : `${event.dir} cannot be written to. Stored calls are replayed, and no new ones are made.`;
    case 'server-left':
      return `${event.server} does not answer and gets no calls until it is back. ${errorSentence(event.error)}`;
    case 'server-back':
      return `${event.server} is back after ${duration(event.awayMs)}.`;
    case 'database-away':
      return `${errorSentence(event.error)} Answers wait to be recorded, for up to half an hour.`;
    case 'database-back':
      return `The database of ${event.run} is back after ${duration(event.sinceMs)}.`;
    case 'journal-recovered': {
      const lost = event.lost === null ? '' : `, lost ${event.lost}`;
      return `The journal was damaged: kept ${counted(event.kept, 'call')}${lost}. The damaged file is ${event.keptAs}.`;
    }
    case 'model-away':
      return `${event.model} does not answer its calls. They wait, and one at a time is sent to see whether it is back. The last error: ${errorSentence(event.error)}`;
    case 'model-back':
      return `${event.model} is back after ${duration(event.sinceMs)}.`;
    case 'batch-submitted':
    case 'batch-done':
    case 'batch-left':
      return describeBatch(event);
    default:
      return null;
  }
}

const UNCOUNTED =
  'Warning: the server reports no token counts. For costs and budget they are estimated from the texts, rather too high than too low.';

/** Whether a model answered and its server did not say how many tokens that took. */
function isWithoutUsage(event: ProgressEvent): boolean {
  if (event.type !== 'call-end' || event.replayed) return false;
  return event.usage.inputTokens + event.usage.outputTokens === 0;
}

/** Shows progress until `stop()`. While calls are held up, by an error or a limit of the server, it shows why. */
export function showProgress(options: ProgressOptions): ProgressDisplay {
  const track = trackProgress(options);
  const status = createStatusLine();
  let holdUp = '';
  let isUncounted = false;

  const drawing = setInterval(() => {
    const progress = track();
    const stage = display.stage === '' ? '' : `${display.stage}: `;
    status.update(
      `  ${stage}${(!progress.paused && holdUp) || describeProgress(progress)}`,
      progress.fraction,
    );
  }, REDRAW_MS);
  drawing.unref();

  const display: ProgressDisplay = {
    stage: '',
    take(event) {
      track(event);
      const notice = describeNotice(event);
      if (notice !== null) display.say(notice);
      if (!isUncounted && isWithoutUsage(event)) {
        isUncounted = true;
        display.say(UNCOUNTED);
      }
      if (event.type === 'call-retry')
        holdUp = `${errorSentence(event.error)} Retrying in ${duration(event.waitMs)}.`;
      else if (event.type === 'model-away') holdUp = `${event.model} is away. Waiting for it to come back.`;
      else if (event.type === 'model-back') holdUp = '';
      else if (event.type === 'calls-paused') {
        holdUp = `Paused for ${duration(event.waitMs)} (the server asked for ${duration(event.requestedMs)}).`;
      } else if (event.type === 'batch-progress' || event.type === 'batch-retry') {
        holdUp = describeBatch(event);
      } else if (event.type === 'call-end' || event.type === 'batch-done') holdUp = '';
    },
    say(text) {
      status.clear();
      printError(text);
    },
    stop() {
      clearInterval(drawing);
      status.clear();
    },
  };
  return display;
}
