import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readIfThere, readJobManifest } from './job-folder.ts';
import type { TrainingMetric } from './training-backend.ts';

/** A trainer's `trainer_state.json`, of which only this is needed. */
const stateSchema = z.object({
  log_history: z.array(z.record(z.string(), z.unknown())),
});

/**
 * What the trainers logged, from the newest checkpoint of each stage: its `trainer_state.json` holds all steps so far.
 * The output shows the same as text with rounded numbers, so it is not read.
 */
export async function readFolderMetrics(folder: string): Promise<TrainingMetric[]> {
  const { stages } = await readJobManifest(folder);
  const metrics: TrainingMetric[] = [];
  for (const { name, training } of stages) {
    for (const entry of await newestHistory(join(folder, training))) {
      const { step, ...rest } = entry;
      if (typeof step !== 'number') continue;
      const values = Object.entries(rest).filter(([, value]) => Number.isFinite(value));
      metrics.push({ stage: name, step, values: Object.fromEntries(values) as Record<string, number> });
    }
  }
  return metrics;
}

/** A checkpoint that is just being written, or just being removed, gives way to the one before. */
async function newestHistory(folder: string): Promise<readonly Record<string, unknown>[]> {
  const names = await readdir(folder).catch(() => []);
  const steps = names.map((name) => Number(/^checkpoint-(\d+)$/.exec(name)?.[1] ?? Number.NaN));
  for (const step of steps.filter(Number.isFinite).sort((a, b) => b - a)) {
    const text = await readIfThere(join(folder, `checkpoint-${step}`, 'trainer_state.json'));
    const state = stateSchema.safeParse(parseOrNull(text));
    if (state.success) return state.data.log_history;
  }
  return [];
}

function parseOrNull(text: string | null): unknown {
  try {
    // Python writes numbers that JSON does not have.
    return text === null ? null : JSON.parse(text.replaceAll(/-?\bInfinity\b|\bNaN\b/g, 'null'));
  } catch {
    return null;
  }
}
