import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { InvalidFileError } from '../errors.ts';
import { writeFileAtomic } from '../internal/write-file.ts';
import { type EvaluationResult, evaluationSchema } from './evaluation-result.ts';
import { summarize } from './summarize.ts';

const former = z.object({ schema: z.literal('aloe-evaluation/1') });

/** Writes an evaluation to a JSON file: all of it or nothing. Folders that are missing are made. */
export async function saveEvaluation(result: EvaluationResult, path: string): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(result, null, 2)}\n`);
}

/**
 * Reads an evaluation from its file. The statistics are worked out again from the cases, so they fit what is in the file.
 *
 * @throws InvalidFileError when the file cannot be read or holds no evaluation, saying where it is wrong.
 */
export async function readEvaluation(path: string): Promise<EvaluationResult> {
  const text = await readFile(path, 'utf8').catch((cause: Error) => {
    throw new InvalidFileError(path, `cannot be read (${cause.message}).`, { cause });
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new InvalidFileError(path, 'is not JSON.', { cause });
  }
  if (former.safeParse(value).success) {
    throw new InvalidFileError(
      path,
      'is of a former version and has no lock: prompts and cases are not known.',
      {
        hint: 'Evaluate again with the same run directory: what is in its journal is not paid for again.',
      },
    );
  }
  const parsed = evaluationSchema.safeParse(value);
  if (!parsed.success) {
    throw new InvalidFileError(
      path,
      `is no evaluation: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`,
      {
        hint: 'Give it a file that saveEvaluation has written.',
      },
    );
  }
  const { data } = parsed;
  return { ...data, ...summarize(data.cases, data.lock) };
}
