import * as z from 'zod';
import { InvalidFileError } from '../../../errors.ts';
import { readJsonLines } from '../../../internal/json-lines.ts';
import { openRowFile } from '../../../preferences/row-file.ts';
import type { TrainingStage } from '../../job/training-job.ts';

const text = z.string().refine((content) => content.trim() !== '', 'a message has no text');
const message = z.looseObject({ role: z.enum(['system', 'user', 'assistant', 'tool']), content: text });
type RowMessage = z.infer<typeof message>;

/** Messages that the model has to answer. */
const prompt = z
  .array(message)
  .refine(
    (messages) => ['user', 'tool'].includes(messages.at(-1)?.role ?? ''),
    'the last message must be from the user',
  );
/** One assistant message. Some services refuse more. */
const answer = z.tuple([message.extend({ role: z.literal('assistant') })]);

// Strict: services that recognise formats by their keys refuse a row with an extra one (seen in Together's docs).
const rowsOfTrlSft = z.strictObject({ prompt, completion: answer });
const rowsOfOpenAISft = z.strictObject({
  messages: z
    .array(message)
    .refine(
      (messages) => messages.at(-1)?.role === 'assistant',
      'the last message must be from the assistant',
    ),
});
const rowsOfTrlDpo = z.strictObject({ prompt, chosen: answer, rejected: answer });
const rowsOfOpenAIPreference = z.strictObject({
  input: z.strictObject({ messages: prompt }),
  preferred_output: answer,
  non_preferred_output: answer,
});

/** Assistant messages in a prompt are context. Like TRL, train on the completion only. */
function asContext(messages: readonly RowMessage[]): object[] {
  return messages.map((item) => (item.role === 'assistant' ? { ...item, weight: 0 } : item));
}

const CONVERSIONS: Readonly<Record<TrainingStage['method'], z.ZodType<object>>> = {
  sft: z.union([
    rowsOfOpenAISft,
    rowsOfTrlSft.transform((row) => ({ messages: [...asContext(row.prompt), ...row.completion] })),
  ]),
  dpo: z
    .union([
      rowsOfOpenAIPreference,
      rowsOfTrlDpo.transform((row) => ({
        input: { messages: row.prompt },
        preferred_output: row.chosen,
        non_preferred_output: row.rejected,
      })),
    ])
    .refine(
      (row) => row.preferred_output[0].content !== row.non_preferred_output[0].content,
      'both responses are the same',
    ),
};

/** A data file in the service's format. */
export interface HostedFile {
  /** A hash of its content, so that the same data is found again. */
  readonly name: string;
  readonly rows: number;
  readonly bytes: number;
  /** Where it is on this machine. */
  readonly path: string;
}

/**
 * Writes a stage's rows to `path` in the service's format. TRL rows are converted; rows already in that format pass.
 *
 * @throws InvalidFileError with the line of a row in neither format, of a response that is not exactly one assistant
 * message, of a message without text, or of a pair of equal responses; and for a file without rows.
 */
export async function writeHostedRows(
  source: string,
  method: TrainingStage['method'],
  path: string,
): Promise<HostedFile> {
  const file = await openRowFile(path);
  try {
    for await (const { lineNumber, value } of readJsonLines(source)) {
      const row = CONVERSIONS[method].safeParse(value);
      if (!row.success)
        throw new InvalidFileError(source, `line ${lineNumber}: ${describe(method, row.error)}.`);
      await file.write(row.data);
    }
    const summary = await file.seal();
    if (summary === null) throw new InvalidFileError(source, 'has no rows.');
    await file.commit();
    return {
      name: `aloe-${summary.sha256.slice(0, 32)}.jsonl`,
      rows: summary.rows,
      bytes: summary.bytes,
      path,
    };
  } catch (error) {
    await file.discard();
    throw error;
  }
}

/** The problem in the format that fits best: the one that has the row's keys. */
function describe(method: TrainingStage['method'], { issues: [issue] }: z.ZodError): string {
  const branches = issue?.code === 'invalid_union' ? issue.errors : [];
  const nearest = branches.find(
    (problems) => !problems.some(({ code }) => code === 'unrecognized_keys'),
  )?.[0];
  const found = nearest ?? (issue?.code === 'invalid_union' ? undefined : issue);
  if (found === undefined) return `not a valid row for ${method}`;
  return found.path.length === 0 ? found.message : `${found.path.join('.')}: ${found.message}`;
}
