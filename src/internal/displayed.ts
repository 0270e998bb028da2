import type { InspectOptions } from 'node:util';
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
      value(depth: number | null, options: InspectOptions): unknown {
        if (depth !== null && depth < 0) return '[Object]';
        const text = textOf(data, describe);
        // What is not a string is inspected itself. Changed data may have nothing left to describe.
        if (text === null) return { ...data };
        // Inside of other data, the first line would stand behind a name.
        const isInside = depth !== null && depth < (options.depth ?? depth);
        return `${isInside ? '\n' : ''}${alignTables(terminalText(text)).trimEnd()}`;
      },
    },
    [JUPYTER]: {
      value(): Readonly<Record<string, string>> {
        const text = textOf(data, describe);
        const plain = alignTables(terminalText(text ?? JSON.stringify(data, null, 2))).trimEnd();
        // JSON is not escaped: as Markdown, it could hold HTML that a model wrote.
        return { ...(text !== null && { 'text/markdown': text }), 'text/plain': plain };
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
