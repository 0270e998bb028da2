import { canonicalJson } from '../../internal/hash.ts';
import { isParquet, readDatasetRows } from '../../validation/dataset-rows.ts';
import { collectFindings } from '../../validation/findings.ts';
import type { TrainingJob } from '../job/training-job.ts';

/** Variables of a chat template, by name. */
export type TemplateVariables = Readonly<Record<string, unknown>>;

/** Rows of one file usually all have the same. */
const MOST = 8;

/**
 * The different chat template variables in the job's training rows (column `chat_template_kwargs`), at most eight. `{}` stands for
 * rows without any. Files that cannot be read are reported elsewhere.
 */
export async function templateVariables(
  { stages }: TrainingJob,
  signal: AbortSignal | undefined,
): Promise<TemplateVariables[]> {
  const found = new Map<string, TemplateVariables>();
  for (const { train } of stages) {
    try {
      const parquet = await isParquet(train.path);
      for await (const { row } of readDatasetRows(train.path, parquet, {
        findings: collectFindings(0),
        signal,
      })) {
        const given = (row.chat_template_kwargs ?? {}) as TemplateVariables;
        found.set(canonicalJson(given), given);
        if (found.size === MOST) break;
      }
    } catch {
      signal?.throwIfAborted();
    }
  }
  return found.size === 0 ? [{}] : [...found.values()];
}
