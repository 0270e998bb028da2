import { alignTables } from './align-tables.ts';
import { terminalText } from './terminal-text.ts';

const INSPECT = Symbol.for('nodejs.util.inspect.custom');
const JUPYTER = Symbol.for('Jupyter.display');

/**
 * Lets `console.log` and notebooks show data as a short Markdown text instead of everything in it. The data stays plain:
 * the two symbols are not enumerable, so JSON, comparisons and spreads do not see them. A copy is shown in full again.
 */
export function displayed<Data extends object>(data: Data, describe: (data: Data) => string): Data {
  return Object.defineProperties(data, {
    [INSPECT]: {
      value(depth: number | null): unknown {
        if (depth !== null && depth < 0) return '[Object]';
        const text = textOf(data, describe);
        // What is not a string is inspected itself. Changed data may have nothing left to describe.
        return text === null ? { ...data } : alignTables(terminalText(text)).trimEnd();
      },
    },
    [JUPYTER]: {
      value(): Readonly<Record<string, string>> {
        const text = textOf(data, describe) ?? JSON.stringify(data, null, 2);
        return { 'text/markdown': text, 'text/plain': alignTables(terminalText(text)).trimEnd() };
      },
    },
  });
}

function textOf<Data>(data: Data, describe: (data: Data) => string): string | null {
  try {
    return describe(data);
  } catch {
    return null;
  }
}
