import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { EvaluationResult } from '../evaluation/evaluation-result.ts';
import { checkPath } from '../internal/check-path.ts';
import { readJsonFile } from '../internal/json-file.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import { writeFileAtomic } from '../internal/write-file.ts';
import { type PreferenceManifest, preferenceManifestSchema } from '../preferences/manifest.ts';
import type { TrainingJob } from '../training/job/training-job.ts';
import { modelCard } from './model-card.ts';

/** Options of {@link writeModelCards}. */
export interface WriteModelCardsOptions {
  /** Licence of the models, as an identifier of the hub. Default: that of a base directory's card, else none. */
  readonly license?: string | undefined;
  /** Evaluations of the last stage, the first of them before training. Default: none. */
  readonly results?: readonly EvaluationResult[] | undefined;
}

/**
 * Writes a card into each adapter and model of fetched results, in place of the trainer's, which names neither base nor data.
 * Facts of the data come from the manifest beside the training files, if they are still as it says.
 *
 * @param dir Where `fetchArtifacts` copied the results.
 * @param job The job they are of.
 * @example
 * ```ts
 * import { writeModelCards } from 'aloe-align/hub';
 *
 * await writeModelCards('tuned', job, { license: 'apache-2.0', results: [before, after] });
 * ```
 * @returns the paths of the cards.
 * @throws InvalidOptionError if an option is unknown, or the results were judged by different rubrics.
 */
export async function writeModelCards(
  dir: string,
  job: TrainingJob,
  options: WriteModelCardsOptions = {},
): Promise<string[]> {
  checkPath('dir', dir);
  checkKnownOptions<WriteModelCardsOptions>('writeModelCards()', options, { license: true, results: true });
  const license = options.license ?? (await licenseIn(job.base));
  const written: string[] = [];
  for (const [index, stage] of job.stages.entries()) {
    const isLast = index === job.stages.length - 1;
    for (const kind of ['adapter', 'model'] as const) {
      const own = join(dir, stage.name, kind);
      if (!existsSync(own)) continue;
      const card = await modelCard(
        { ...job, stages: job.stages.slice(0, index + 1) },
        {
          title: `${job.name}, ${stage.name}`,
          license,
          adapter: kind === 'adapter',
          manifest: await manifestOf(stage.train),
          results: isLast ? options.results : undefined,
        },
      );
      const path = join(own, 'README.md');
      await writeFileAtomic(path, card);
      written.push(path);
    }
  }
  return written;
}

/** The manifest of the export that a training file belongs to. Undefined if there is none, or the file is another by now. */
async function manifestOf({
  path,
  sha256,
}: TrainingJob['stages'][number]['train']): Promise<PreferenceManifest | undefined> {
  const file = join(dirname(path), 'manifest.json');
  if (!existsSync(file)) return undefined;
  const manifest = await readJsonFile(file, preferenceManifestSchema, {
    what: 'the manifest of an export',
    hint: 'Remove the file if it is something else.',
  }).catch(() => undefined);
  return manifest?.files.some((entry) => entry.sha256 === sha256) ? manifest : undefined;
}

/** What the card in a base's directory says. */
async function licenseIn(base: string): Promise<string | undefined> {
  const card = await readFile(join(base, 'README.md'), 'utf8').catch(() => '');
  const header = /^---\n([\s\S]*?)\n---/.exec(card)?.[1] ?? '';
  return /^license:\s*["']?([\w.-]+)["']?\s*$/m.exec(header)?.[1];
}
