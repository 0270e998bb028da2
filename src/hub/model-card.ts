import { basename } from 'node:path';
import { describeEvaluation } from '../evaluation/describe/describe-evaluation.ts';
import { resultsTable } from '../evaluation/describe/results-table.ts';
import type { EvaluationResult } from '../evaluation/evaluation-result.ts';
import { codeSpan, markdownTable, markdownText } from '../internal/markdown.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import { VERSION } from '../internal/version.ts';
import { toYaml } from '../internal/yaml.ts';
import type { TrainingJob } from '../training/job/training-job.ts';

/** Options of {@link modelCard}. */
export interface ModelCardOptions {
  /** Heading. Default: the job's name. */
  readonly title?: string | undefined;
  /** Licence of the model, as an identifier of the hub: `apache-2.0`. Default: none is named. */
  readonly license?: string | undefined;
  /** Repositories of the training data on the hub: `me/bees`. Default: none. */
  readonly datasets?: readonly string[] | undefined;
  /** Evaluations to show, of this model and others. Default: none. */
  readonly results?: readonly EvaluationResult[] | undefined;
}

/**
 * Writes the card of a trained model: base model, stages with their settings and the checksums of their data, and results.
 *
 * @example
 * ```ts
 * import { readEvaluation } from 'aloe-align';
 * import { modelCard, pushToHub } from 'aloe-align/hub';
 *
 * const card = await modelCard(job, { license: 'apache-2.0', results: [await readEvaluation('tuned.json')] });
 * await pushToHub('jobs/bees/dpo/model', { type: 'model', repo: 'me/bees-7b', card });
 * ```
 *
 * @returns Markdown with the YAML header that the hub reads.
 * @throws InvalidOptionError if an option is unknown, or the results were judged by different rubrics.
 */
export async function modelCard(job: TrainingJob, options: ModelCardOptions = {}): Promise<string> {
  checkKnownOptions<ModelCardOptions>('modelCard()', options, {
    title: true,
    license: true,
    datasets: true,
    results: true,
  });
  const { title = job.name, license, datasets = [], results = [] } = options;
  // A path of this machine says nothing to others.
  const isOnHub = /^[\w.-]+\/[\w.-]+$/.test(job.base);
  const header = await toYaml({
    ...(license === undefined ? {} : { license }),
    ...(isOnHub ? { base_model: job.base } : {}),
    ...(datasets.length === 0 ? {} : { datasets: [...datasets] }),
    library_name: 'transformers',
    pipeline_tag: 'text-generation',
    tags: ['trl', ...new Set(job.stages.map(({ method }) => method)), 'personalisation', 'aloe-align'],
  });
  const stages = markdownTable(
    ['Stage', 'Method', 'Data (SHA-256)', 'Settings'],
    job.stages.map(({ name, method, train, options: settings }) => [
      markdownText(name),
      method,
      codeSpan(train.sha256.slice(0, 16)),
      Object.entries(settings)
        .map(([option, value]) => codeSpan(`${option}: ${JSON.stringify(value)}`).replaceAll('|', '\\|'))
        .join(', ') || 'defaults of TRL',
    ]),
    4,
  );
  const shown = results.length === 1 ? describeEvaluation(results[0]!) : resultsTable(results);
  return [
    `---\n${header}---`,
    `# ${markdownText(title)}`,
    `Fine-tuned from ${codeSpan(isOnHub ? job.base : basename(job.base))} with aloe-align ${VERSION} and TRL to adapt to the user of a conversation.`,
    '## Training',
    stages,
    ...(results.length === 0
      ? []
      : [
          '## Results',
          'Scores of a judge model or rules with simulated users, 1 to 5. They say little about real users.',
          shown.trimEnd(),
        ]),
    '## Limits',
    'Trained on simulated conversations. What the simulated users and the models that wrote them got wrong may be in it.',
    '',
  ].join('\n\n');
}
