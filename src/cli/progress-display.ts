import { duration } from '../internal/format.ts';
import { describeProgress } from '../progress/describe-progress.ts';
import { type ProgressEvent, type ProgressOptions, trackProgress } from '../progress/progress.ts';
import { createStatusLine } from './terminal.ts';

/** Often enough to look alive; events may come by the thousand in a second. */
const REDRAW_MS = 250;

export interface ProgressDisplay {
  /** What the work is at. */
  stage: string;
  take(event: ProgressEvent): void;
  /** Prints above the display. */
  say(text: string): void;
  stop(): void;
}

/** Shows how far work is, until it is stopped. */
export function showProgress(options: ProgressOptions): ProgressDisplay {
  const track = trackProgress(options);
  const status = createStatusLine();
  let trouble = '';

  const drawing = setInterval(() => {
    const progress = track();
    status.update(`  ${display.stage}: ${trouble || describeProgress(progress)}`, progress.fraction);
  }, REDRAW_MS);
  drawing.unref();

  const display: ProgressDisplay = {
    stage: '',
    take(event) {
      track(event);
      if (event.type === 'call-retry') trouble = `${event.error} Again in ${duration(event.waitMs)}.`;
      else if (event.type === 'call-end') trouble = '';
    },
    say(text) {
      status.clear();
      console.log(text);
    },
    stop() {
      clearInterval(drawing);
      status.clear();
    },
  };
  return display;
}
