import { type Findings, quote } from './findings.ts';

/** Checks every string in a row. Rows must not be too deeply nested, since it recurses. */
export interface TextChecker {
  add(row: unknown, line: number): void;
  /** Adds findings that need the whole file. */
  end(): void;
}

/**
 * Strings that Arrow's JSON reader turns into timestamps (seen with pyarrow 23 and `datasets` 5.0.1): a date, with an
 * optional time to the second and offset.
 */
const DATE =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([ T]([01]\d|2[0-3])(:[0-5]\d(:[0-5]\d)?)?(Z|[+-]\d\d(:?\d\d)?)?)?$/;

/** Limits memory: an untrusted file may have any number of column names. */
const MAX_COLUMNS = 1000;

interface ColumnTexts {
  readonly firstLine: number;
  readonly example: string;
  onlyDates: boolean;
}

export function createTextChecker(findings: Findings, { typed }: { readonly typed: boolean }): TextChecker {
  const columns = new Map<string, ColumnTexts>();

  function checkText(text: string, path: string, line: number): void {
    if (!text.isWellFormed()) {
      findings.add('lone-surrogate', line, `${path} contains half of a surrogate pair: ${quote(text)}.`);
    }
    if (text.includes('\0')) findings.add('nul-character', line, `${path} contains U+0000: ${quote(text)}.`);
    if (text.includes('\uFFFD')) {
      findings.add('replacement-character', line, `${path} contains U+FFFD: ${quote(text)}.`);
    }
    const column = columns.get(path);
    const dated = isDate(text);
    if (column !== undefined) column.onlyDates &&= dated;
    else if (columns.size < MAX_COLUMNS) {
      columns.set(path, { firstLine: line, example: text.slice(0, 40), onlyDates: dated });
    }
  }

  function visit(value: unknown, path: string, line: number): void {
    if (typeof value === 'string') checkText(value, path, line);
    else if (Array.isArray(value)) for (const item of value) visit(item, `${path}[]`, line);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) {
        visit(member, path === '' ? key : `${path}.${key}`, line);
      }
    }
  }

  return {
    add: (row, line) => visit(row, '', line),
    end() {
      if (typed) return;
      for (const [path, { onlyDates, example, firstLine }] of columns) {
        if (onlyDates) {
          findings.add(
            'date-strings',
            firstLine,
            `Every string in ${path} is a date, such as ${quote(example)}.`,
          );
        }
      }
    },
  };
}

function isDate(text: string): boolean {
  if (!DATE.test(text)) return false;
  // Date rolls a day such as 31 June over to the next month.
  const day = text.slice(0, 10);
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}
