import { stderr, stdout } from 'node:process';
import { terminalJson, terminalText } from '../internal/terminal-text.ts';

/** Prints to stdout. Every other text that the commands write goes through this file too. */
export function print(text: string): void {
  stdout.write(`${terminalText(text)}\n`);
}

/** Prints a part of a log to stdout, which brings its own line breaks. */
export function printPart(text: string): void {
  stdout.write(terminalText(text));
}

/** Prints a value to stdout, as one line of JSON. */
export function printJson(value: unknown): void {
  stdout.write(`${terminalJson(value)}\n`);
}

/** Prints to stderr. */
export function printError(text: string): void {
  stderr.write(`${terminalText(text)}\n`);
}

/** Progress on stderr: one line that is redrawn on a terminal, a new line every 15 s in a pipe. */
export interface StatusLine {
  /** @param fraction share done, 0 to 1, drawn as a bar before the text; null (default) for no bar. */
  update(text: string, fraction?: number | null): void;
  /** Removes the line, so that other output can follow it. */
  clear(): void;
}

const PIPE_INTERVAL_MS = 15_000;
const BAR_COLUMNS = 20;
/** In a narrower terminal, the words need the room. */
const MIN_COLUMNS_WITH_BAR = 60;

/** A status line for this process's stderr. */
export function createStatusLine(): StatusLine {
  let lastWritten = performance.now();
  let shown = false;
  return {
    update(words, fraction = null) {
      const text = terminalText(words).replace(/[\t\n]+/g, ' ');
      if (stderr.isTTY) {
        const columns = stderr.columns || 80;
        const bar = fraction === null || columns < MIN_COLUMNS_WITH_BAR ? '' : `${progressBar(fraction)} `;
        const line = bar === '' ? text : `${bar}${text.trimStart()}`;
        stderr.write(`\r\u001b[2K${line.slice(0, columns - 1)}`);
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

/** Several lines on stdout that are redrawn in place. For a terminal only. */
export function createScreen(): { show(text: string): void } {
  let drawn = 0;
  return {
    show(text) {
      // A line that the terminal breaks would be two.
      const columns = (stdout.columns || 80) - 1;
      const room = Math.max(1, (stdout.rows || 24) - 1);
      const lines = terminalText(text)
        .split('\n')
        .slice(0, room)
        .map((line) => `\u001b[2K${line.slice(0, columns)}`);
      const up = drawn === 0 ? '' : `\u001b[${drawn}A`;
      stdout.write(`${up}\r${lines.join('\n')}\n\u001b[J`);
      drawn = lines.length;
    },
  };
}

/** `[#####---------------]` for 0.25. Values outside 0 to 1 are clamped. */
export function progressBar(fraction: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, fraction)) * BAR_COLUMNS);
  return `[${'#'.repeat(filled)}${'-'.repeat(BAR_COLUMNS - filled)}]`;
}

/** Decimal megabytes: `12.3 MB`. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
