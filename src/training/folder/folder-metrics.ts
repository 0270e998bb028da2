import { join } from 'node:path';
import * as z from 'zod';
import type { TrainingMetric } from '../training-backend.ts';
import { readIfThere, readJobManifest } from './job-folder.ts';

/** A line of the file that `train_stage.py` writes to a stage's training directory. */
const entrySchema = z.looseObject({ step: z.number() });

/** The metrics the trainers logged, stage by stage. The console output has only rounded numbers, so it is not parsed. */
export async function readFolderMetrics(folder: string): Promise<TrainingMetric[]> {
  const { stages } = await readJobManifest(folder);
  const metrics: TrainingMetric[] = [];
  for (const { name, training } of stages) {
    const text = await readIfThere(join(folder, training, 'log_history.jsonl'));
    for (const line of text?.split('\n') ?? []) {
      const entry = stepValues(line);
      if (entry !== null) metrics.push({ stage: name, ...entry });
    }
  }
  return metrics;
}

/** A step as the trainer wrote it, one JSON object. Null for a line that is still being written, and for anything else. */
export function stepValues(line: string): Omit<TrainingMetric, 'stage'> | null {
  const entry = entrySchema.safeParse(parseOrNull(line));
  if (!entry.success) return null;
  const { step, ...rest } = entry.data;
  const values = Object.entries(rest).filter(([, value]) => Number.isFinite(value));
  return { step, values: Object.fromEntries(values) as Record<string, number> };
}

function parseOrNull(line: string): unknown {
  try {
    // Python writes NaN and Infinity, which are not JSON.
    return JSON.parse(line.replaceAll(/-?\bInfinity\b|\bNaN\b/g, 'null'));
  } catch {
    return null;
  }
}
