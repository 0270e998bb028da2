import { stderr } from 'node:process';

/** A piece of output that changes while work goes on: one line that is rewritten on a terminal, a line now and then in a pipe. */
export interface StatusLine {
  /** @param fraction what is done of the whole, 0 to 1, for a bar before the text; null for none. */
  update(text: string, fraction?: number | null): void;
  /** Removes the line, so that other output can follow. */
  clear(): void;
}

const PIPE_INTERVAL_MS = 15_000;
const BAR_COLUMNS = 20;

export function createStatusLine(): StatusLine {
  let lastWritten = performance.now();
  let shown = false;
  return {
    update(text, fraction = null) {
      if (stderr.isTTY) {
        const line = fraction === null ? text : `${progressBar(fraction)} ${text.trimStart()}`;
        stderr.write(`\r\u001b[2K${line.slice(0, (stderr.columns ?? 80) - 1)}`);
        shown = true;
      } else if (performance.now() - lastWritten >= PIPE_INTERVAL_MS) {
        lastWritten = performance.now();
        stderr.write(`${text}\n`);
      }
    },
    clear() {
      if (shown) stderr.write('\r\u001b[2K');
      shown = false;
    },
  };
}

/** `[#####---------------]` for a quarter. */
export function progressBar(fraction: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, fraction)) * BAR_COLUMNS);
  return `[${'#'.repeat(filled)}${'-'.repeat(BAR_COLUMNS - filled)}]`;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
