import { basename } from 'node:path';
import { compareEvaluations } from '../evaluation/compare-evaluations.ts';
import { describeEvaluation } from '../evaluation/describe/describe-evaluation.ts';
import { resultsTable } from '../evaluation/describe/results-table.ts';
import type { EvaluationResult } from '../evaluation/evaluation-result.ts';
import { decimals } from '../internal/format.ts';
import { codeSpan, markdownTable, markdownText } from '../internal/markdown.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
import { VERSION } from '../internal/version.ts';
import { toYaml } from '../internal/yaml.ts';
import type { PreferenceManifest } from '../preferences/manifest.ts';
import type { TrainingJob } from '../training/job/training-job.ts';

/** Options of {@link modelCard}. */
export interface ModelCardOptions {
  /** Heading. Default: the job's name. */
  readonly title?: string | undefined;
  /** Licence of the model, as an identifier of the hub: `apache-2.0`. Default: none is named. */
  readonly license?: string | undefined;
  /** Repositories of the training data on the hub: `me/bees`. Default: none. */
  readonly datasets?: readonly string[] | undefined;
  /**
   * Evaluations to show, of this model and others. With several, the first is the one before training: the others are compared
   * with it, person by person. Default: none.
   */
  readonly results?: readonly EvaluationResult[] | undefined;
  /** The manifest of the export it was trained on: the card then says who talked, and how. Default: checksums only. */
  readonly manifest?: PreferenceManifest | undefined;
  /** The base as others can find it: a name on the hub. Default: the job's, if that is one. */
  readonly base?: string | undefined;
  /** Whether it is an adapter, which needs its base. Default false. */
  readonly adapter?: boolean | undefined;
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
    manifest: true,
    base: true,
    adapter: true,
  });
  const { title = job.name, license, datasets = [], results = [], manifest, adapter = false } = options;
  const base = options.base ?? job.base;
  // A path of this machine says nothing to others.
  const isOnHub = isHubName(base);
  const header = await toYaml({
    ...(license === undefined ? {} : { license }),
    ...(isOnHub ? { base_model: base } : {}),
    ...(datasets.length === 0 ? {} : { datasets: [...datasets] }),
    library_name: adapter ? 'peft' : 'transformers',
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
    `${adapter ? 'An adapter' : 'Complete weights'}, fine-tuned from ${codeSpan(isOnHub ? base : basename(base))} with aloe-align ${VERSION} and TRL to adapt to the user of a conversation.`,
    '## Training',
    stages,
    ...(manifest === undefined ? [] : ['## Data', describeData(manifest)]),
    ...(results.length === 0
      ? []
      : [
          '## Results',
          'Scores of a judge model or rules with simulated users, 1 to 5. They say little about real users.',
          shown.trimEnd(),
          ...compareWithFirst(results),
          describeLock(results[0]!),
        ]),
    '## Limits',
    'Trained on simulated conversations. What the simulated users and the models that wrote them got wrong may be in it.',
    '',
  ].join('\n\n');
}

/** Whether a model's name is one on the hub, which says something to others. */
export function isHubName(name: string): boolean {
  return /^[\w.-]+\/[\w.-]+$/.test(name) && !name.startsWith('.');
}

function describeData({ version, source, splits, options }: PreferenceManifest): string {
  const { conversations, decisionPoints, models, prompts, induction } = source;
  const { train, validation } = splits;
  const roles = Object.entries(models).map(([role, names]) => [
    markdownText(role),
    names.map(codeSpan).join(', '),
    (prompts[role] ?? []).map(codeSpan).join(', ') || '–',
  ]);
  return [
    `${conversations} simulated conversations with ${decisionPoints} pairs of responses, exported by aloe-align ${markdownText(version)}. Training: ${train.personas} people of ${train.profiles} profiles. Held out: ${validation.personas} people of ${validation.profiles} profiles (share ${options.validationShare}, seed ${options.seed}). Induction: ${induction.map(markdownText).join(', ')}.`,
    markdownTable(['Role', 'Models', 'Prompts'], roles).trimEnd(),
  ].join('\n\n');
}

/** How much the alignment level changed, person by person. */
function compareWithFirst(results: readonly EvaluationResult[]): string[] {
  const [before, ...others] = results;
  if (others.length === 0) return [];
  const lines = others.map((after) => {
    const { difference, interval, pValue, cases } = compareEvaluations(before!, after);
    const range = interval === null ? '' : ` [${decimals(interval.low, 2)}, ${decimals(interval.high, 2)}]`;
    const p = pValue === null ? '' : `, p ${decimals(pValue, 4)}`;
    return `- ${markdownText(after.candidate.name)} against ${markdownText(before!.candidate.name)}: ${decimals(difference, 2)}${range}${p}, ${cases} people`;
  });
  return ['Change of the average alignment level:', lines.join('\n')];
}

/** What the scores depend on, with versions. */
function describeLock({ lock }: EvaluationResult): string {
  const { cases, turns, seed, judge, user, version } = lock;
  const prompts = [user.prompt, ...judge.prompts].map((prompt) => codeSpan(prompt.name));
  return `Measured by aloe-align ${markdownText(version)} on ${cases.count} people over ${turns} turns, seed ${seed}. Judge: ${codeSpan(judge.id)}. Users: ${codeSpan(user.model)}. Prompts: ${prompts.join(', ')}.`;
}
