import { fileSha256 } from '../../internal/hash.ts';
import { messageOf } from '../../internal/message-of.ts';
import { checkKnownOptions } from '../../internal/option-checks.ts';
import { checkMethod } from '../../internal/options.ts';
import type { Tokenizer } from '../../tokenizers/tokenizer.ts';
import { validateDataset } from '../../validation/validate-dataset.ts';
import { checkJob } from '../job/check-job.ts';
import type { TrainingFile, TrainingJob, TrainingStage } from '../job/training-job.ts';
import type { Finding, TrainingBackend } from '../training-backend.ts';
import { checkWarmUp } from './check-warm-up.ts';
import { findingsOf, ok, problem, warning } from './findings.ts';

/** Options of {@link doctor}. */
export interface DoctorOptions {
  /** The base model's tokenizer, to find rows that are too long. Default: lengths are not checked; a finding says so. */
  readonly tokenizer?: Tokenizer | undefined;
  /** Stops the checks. */
  readonly signal?: AbortSignal | undefined;
}

/** Dataset formats that each trainer reads. */
const FORMATS: Readonly<Record<TrainingStage['method'], readonly string[]>> = {
  sft: ['trl-sft', 'messages'],
  dpo: ['trl-dpo'],
};

/**
 * Looks for problems that would make this job fail on this backend, before anything is spent. It checks the data and
 * then asks the backend. Nothing is submitted.
 *
 * @returns one finding per check. A job can succeed only if none has the level `error`.
 * @throws InvalidOptionError for something else than a backend and for unknown options; the signal's reason when aborted. Problems of
 * the job are findings, not exceptions.
 */
export async function doctor(
  job: TrainingJob,
  backend: TrainingBackend,
  options: DoctorOptions = {},
): Promise<Finding[]> {
  checkMethod('backend', backend, 'check', 'a training backend, such as local()');
  checkKnownOptions<DoctorOptions>('doctor()', options, { tokenizer: true, signal: true });
  const invalid = await findingsOf('job', async () => {
    checkJob(job);
    return [];
  });
  if (invalid.length > 0) return invalid;
  const findings: Finding[] = [];
  for (const stage of job.stages) {
    findings.push(...(await checkData(stage, stage.train, options)));
    if (stage.validation !== undefined) findings.push(...(await checkData(stage, stage.validation, options)));
  }
  const steps = findings.some(({ level }) => level === 'error')
    ? []
    : await checkWarmUp(job, backend, options.signal);
  return [
    ...findings,
    ...steps,
    ...checkReference(job),
    ...(await backend.check(job, { signal: options.signal })),
  ];
}

/** TRL (1.13 to 1.16) computes reference log-probabilities before FSDP has moved the weights to the GPUs. */
function checkReference({ launch, stages }: TrainingJob): Finding[] {
  const precomputes = stages.some(({ options }) => options.precompute_ref_log_probs === true);
  if (!launch.startsWith('fsdp2') || !precomputes) return [];
  const message = `TRL computes reference log-probabilities before ${launch} has placed the weights. The job is likely to fail.`;
  return [warning('reference', message, 'Use zero3, or drop precompute_ref_log_probs.')];
}

async function checkData(
  stage: TrainingStage,
  file: TrainingFile,
  { tokenizer, signal }: DoctorOptions,
): Promise<Finding[]> {
  const check = `data of ${stage.name}`;
  try {
    if ((await fileSha256(file.path, signal)) !== file.sha256) {
      return [
        problem(
          check,
          `${file.path} has changed since the job was made.`,
          'Make the job again with interactToAlign().',
        ),
      ];
    }
    const limit = typeof stage.options.max_length === 'number' ? stage.options.max_length : undefined;
    const report = await validateDataset(file.path, 'auto', {
      tokenizer,
      maxLength: tokenizer === undefined ? undefined : limit,
      maxFindings: 1,
      signal,
    });
    const findings = report.findings.map(({ kind, level, line, message, remedy }): Finding => {
      const place = line === null ? file.path : `${file.path}, line ${line}`;
      const more = (report.counts[kind] ?? 1) - 1;
      return {
        check,
        level,
        message: `${place}: ${message}${more > 0 ? ` (and ${more} more)` : ''}`,
        remedy,
      };
    });
    if (report.format !== null && !FORMATS[stage.method].includes(report.format)) {
      const remedy = `Export it with ${stage.method === 'sft' ? 'trlSft' : 'trlDpo'}().`;
      findings.push(problem(check, `${file.path} has the format ${report.format}.`, remedy));
    }
    const unseen =
      limit === undefined || tokenizer !== undefined
        ? ''
        : ` Rows longer than ${limit} tokens were not looked for, as there is no tokenizer; \`aloe data validate --tokenizer\` can do that.`;
    return [ok(check, `${file.path}: ${report.rows} rows.${unseen}`), ...findings];
  } catch (error) {
    signal?.throwIfAborted();
    return [problem(check, messageOf(error), 'Export the file again.')];
  }
}
