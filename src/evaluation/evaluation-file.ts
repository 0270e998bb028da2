import { readJsonFile } from '../internal/json-file.ts';
import { writeFileAtomic } from '../internal/write-file.ts';
import { displayEvaluation } from './describe/display-evaluation.ts';
import { type EvaluationResult, evaluationSchema } from './evaluation-result.ts';
import { summarize } from './summarize.ts';

/**
 * Writes an evaluation to a JSON file atomically. Missing directories are created.
 *
 * @example
 * ```ts
 * await saveEvaluation(result, 'runs/tuned.json');
 * ```
 */
export async function saveEvaluation(result: EvaluationResult, path: string): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(result, null, 2)}\n`);
}

/**
 * Reads an evaluation written by {@link saveEvaluation}. Levels and statistics are recomputed from the cases, so they
 * always match them.
 *
 * @example
 * ```ts
 * import { describeEvaluation, readEvaluation } from 'aloe-align';
 *
 * console.log(describeEvaluation(await readEvaluation('tuned.json')));
 * ```
 *
 * @throws InvalidFileError if the file cannot be read or is not an evaluation. The message says what is wrong.
 */
export async function readEvaluation(path: string): Promise<EvaluationResult> {
  const data = await readJsonFile(path, evaluationSchema, {
    what: 'an evaluation',
    hint: 'Pass a file that saveEvaluation() or aloe evaluate wrote.',
  });
  return displayEvaluation({ ...data, ...summarize(data.cases, data.lock) });
}
