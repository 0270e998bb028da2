import { basename, dirname, resolve } from 'node:path';
import type { AloeConfig, CandidateMethod, ConfigModel } from '../../config/config.ts';
import { defaultReference } from '../../config/open-model.ts';
import { InvalidOptionError } from '../../errors.ts';
import { chooseCases, DEFAULT_CASES } from '../../pipeline/choose-cases.ts';
import { isRunFile } from '../../runs/directory/run-files.ts';
import { checkWritable } from '../check-writable.ts';
import { namedModel } from '../choose-model.ts';
import { printError } from '../terminal.ts';
import type { ConfigFlags } from './config-flags.ts';
import { withRoleModels } from './model-flags.ts';
import { readStudyConfig } from './study.ts';

type Args = Readonly<Record<string, unknown>>;

/** Where `aloe evaluate` works without a config file. */
const ALONE: AloeConfig = { run: 'runs/evaluate', seed: 7 };

/** The config of an evaluation, and the model that the flags put in place of its candidates. */
export interface EvaluateConfig {
  readonly config: AloeConfig;
  /** Undefined if the candidates are those of the config. */
  readonly candidate: ConfigModel | undefined;
}

/**
 * The config of `aloe evaluate`: the file, changed by the flags.
 *
 * @throws InvalidOptionError, InvalidFileError before anything is opened.
 */
export async function readEvaluateConfig(flags: ConfigFlags, args: Args): Promise<EvaluateConfig> {
  const candidate = namedModel(args);
  const { config: changed, path } = await readStudyConfig(flags, args);
  const base = withRoleModels(path === null ? { ...ALONE, ...changed } : changed, args, defaultReference());
  const name = args.name as string | undefined;
  if (candidate === undefined && name !== undefined) {
    throw new InvalidOptionError('name', 'no name without --model, --gguf or --embedded', name);
  }
  const config: AloeConfig = {
    ...base,
    ...(candidate === undefined && args['same-model'] === true && { sameModel: true }),
    evaluation: {
      ...base.evaluation,
      ...(candidate !== undefined && { candidates: candidatesOf(candidate, name, base, args) }),
    },
  };
  checkJudge(config, args);
  const { cases = DEFAULT_CASES } = config.evaluation ?? {};
  // What is wrong with the cases is told before a model is opened, and damaged lines only once.
  await chooseCases(cases, {
    seed: config.seed ?? 0,
    option: args.cases === undefined ? 'evaluation.cases' : 'cases',
    onWarning: ({ file, line, message }) => printError(`${file}, line ${line}: ${message}`),
  });
  return { config, candidate };
}

/** One candidate of the model that the flags name, or with `--candidates` one for each method. */
function candidatesOf(
  model: ConfigModel,
  name: string | undefined,
  { evaluation }: AloeConfig,
  args: Args,
): NonNullable<AloeConfig['evaluation']>['candidates'] {
  if (args.candidates === undefined) return [{ model, name }];
  const methods = (evaluation?.candidates ?? []) as readonly CandidateMethod[];
  if (name !== undefined && methods.length > 1) {
    throw new InvalidOptionError('name', 'one candidate', name);
  }
  return methods.map((method) => ({ model, name, method }));
}

function checkJudge({ evaluation }: AloeConfig, args: Args): void {
  if (evaluation?.judge !== 'rules') return;
  if (args.rubric !== undefined) {
    throw new InvalidOptionError('rubric', 'no rubric with --judge rules', args.rubric);
  }
  if (args['judge-model'] !== undefined) {
    throw new InvalidOptionError('judge-model', 'no model with --judge rules', args['judge-model']);
  }
}

/** @throws InvalidOptionError if the result cannot be written there, or would replace one of the run's own files. */
export async function checkOut(out: string, run: string): Promise<void> {
  if (isRunFile(basename(out)) && resolve(dirname(out)) === resolve(run)) {
    throw new InvalidOptionError('out', `another one, since the run needs ${out} for itself`, out);
  }
  await checkWritable('out', out);
}
