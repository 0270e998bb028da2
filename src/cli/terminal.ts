import { stderr } from 'node:process';

/** A piece of output that changes while work goes on: one line that is rewritten on a terminal, a line now and then in a pipe. */
export interface StatusLine {
  update(text: string): void;
  /** Removes the line, so that other output can follow. */
  clear(): void;
}

const PIPE_INTERVAL_MS = 15_000;

export function createStatusLine(): StatusLine {
  let lastWritten = performance.now();
  let shown = false;
  return {
    update(text) {
      if (stderr.isTTY) {
        stderr.write(`\r\u001b[2K${text.slice(0, (stderr.columns ?? 80) - 1)}`);
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

/** Thousands and millions as people read them: 1234 is `1.2k`. */
export function shortNumber(value: number): string {
  if (value < 1_000) return String(value);
  return value < 1_000_000 ? `${(value / 1_000).toFixed(1)}k` : `${(value / 1_000_000).toFixed(1)}M`;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export function duration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
