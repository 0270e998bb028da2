import { sha256 } from '../internal/hash.ts';
import { type DatasetFormat, ROW_RULES } from './dataset-formats.ts';
import { isObject } from './dataset-rows.ts';
import { type Findings, quote } from './findings.ts';

/** Column with the variables of the chat template. */
const VARIABLES = 'chat_template_kwargs';

type Row = Readonly<Record<string, unknown>>;

/** Checks that need more than one row. Keeps one number per row. */
export interface FileChecker {
  add(row: Row, line: number): void;
  /** @param format Null if no format was recognised. */
  end(format: DatasetFormat | null): void;
}

/** OpenAI rejects files with fewer rows. */
const MIN_HOSTED_ROWS = 10;

export function createFileChecker(findings: Findings): FileChecker {
  const seen = new Set<number>();
  const labels = new Set<unknown>();
  const withoutVariables: { readonly line: number; readonly value: string | undefined }[] = [];
  let hasVariables = false;
  let keys: string | null = null;
  let rows = 0;
  return {
    add(row, line) {
      rows += 1;
      const hash = Number.parseInt(sha256(JSON.stringify(row)).slice(0, 13), 16);
      if (seen.has(hash)) findings.add('duplicate-row', line, 'The row repeats an earlier one.');
      seen.add(hash);
      const own = Object.keys(row).sort().join(', ');
      keys ??= own;
      if (own !== keys)
        findings.add('mixed-keys', line, `The row has the keys ${own}; the first row has ${keys}.`);
      labels.add(row.label);
      const { [VARIABLES]: value } = row;
      hasVariables ||= value !== undefined;
      if (!isObject(value))
        withoutVariables.push({ line, value: value === undefined ? undefined : quote(value) });
    },
    end(format) {
      if (rows === 0) return findings.add('no-rows', null, 'The file has no rows.');
      if (format === null) return;
      if (format === 'trl-kto' && labels.size === 1) {
        findings.add('one-label', null, `The label of every row is ${quote([...labels][0])}.`);
      }
      if (hasVariables && !ROW_RULES[format].hosted) {
        for (const { line, value } of withoutVariables)
          findings.add('missing-column', line, noVariables(value));
      }
      if (ROW_RULES[format].hosted && rows < MIN_HOSTED_ROWS) {
        findings.add('few-rows', null, `The file has ${rows} rows.`);
      }
      if (ROW_RULES[format].trainsEverything) {
        findings.add('whole-conversation', null, 'Rows are whole conversations.');
      }
    },
  };
}

/** TRL (1.13 to 1.16) fails on such a row, as loaders give it null. */
function noVariables(value: string | undefined): string {
  const what = value === undefined ? 'missing, and other rows have it' : value;
  return `${VARIABLES} is ${what}: every row needs an object, {} for no variables.`;
}

/** Checks the fields that control what is trained: KTO's `label`, and `weight` for hosted services. */
export function checkMarks(row: Row, format: DatasetFormat, line: number, findings: Findings): void {
  if (format === 'trl-kto' && typeof row.label !== 'boolean') {
    findings.add('wrong-label', line, `label is ${quote(row.label)}.`);
  }
  if (format !== 'openai-sft' || !Array.isArray(row.messages)) return;
  const messages = (row.messages as unknown[]).filter(
    (message): message is Row => typeof message === 'object' && message !== null,
  );
  for (const { role, weight } of messages) {
    // Parquet fills in null if only some messages have a weight.
    if (weight === undefined || weight === null) continue;
    if (role !== 'assistant' || (weight !== 0 && weight !== 1)) {
      findings.add('wrong-weight', line, `A ${String(role)} message has the weight ${quote(weight)}.`);
    }
  }
  const answers = messages.filter(({ role }) => role === 'assistant');
  if (answers.length > 0 && answers.every(({ weight }) => weight === 0)) {
    findings.add('wrong-weight', line, 'Every assistant message has the weight 0, so nothing is trained.');
  }
}
