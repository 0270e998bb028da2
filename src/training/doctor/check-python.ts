import * as z from 'zod';
import { gib } from '../../internal/format.ts';
import { messageOf } from '../../internal/message-of.ts';
import { type CommandResult, type CommandRunner, runCommand } from '../../internal/run-command.ts';
import { readPythonFile } from '../folder/python-script.ts';
import { refusedOptions } from '../job/check-trainer-options.ts';
import { compareVersions, NEWEST_TESTED, pythonFor } from '../job/tested-versions.ts';
import type { TrainingJob } from '../job/training-job.ts';
import { factsFrom, modelConfigSchema } from '../plan/model-facts.ts';
import { estimateDisk } from '../plan/training-disk.ts';
import type { Finding } from '../training-backend.ts';
import { checkGpuMemory } from './check-gpu-memory.ts';
import { checkTemplate, modelTemplate } from './check-template.ts';
import { ok, problem, warning } from './findings.ts';
import { templateVariables } from './template-variables.ts';

/** Options of {@link checkPython}. */
export interface CheckPythonOptions {
  readonly job: TrainingJob;
  /** Where the job would be written, to check disk space. */
  readonly folder: string;
  /** A program name or path. */
  readonly python: string;
  /** Whether training would use the GPUs of this machine. */
  readonly hasGpus: boolean;
  readonly run?: CommandRunner | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The output of `inspect_environment.py`. */
const environmentSchema = z.object({
  python: z.string(),
  packages: z.record(z.string(), z.string().nullable()),
  options: z.object({
    sft: z.array(z.string()).nullable(),
    dpo: z.array(z.string()).nullable(),
  }),
  gpus: z.array(z.object({ name: z.string(), totalBytes: z.number(), bf16: z.boolean() })),
  freeDiskBytes: z.number(),
  model: z.union([
    z.object({ error: z.string() }),
    z.object({
      error: z.null(),
      parameters: z.number(),
      vocabulary: z.number(),
      // Null where it has not the usual names.
      config: modelConfigSchema.nullable().catch(null),
      contextLength: z.number().nullable(),
      processor: z.string().nullable(),
      templates: z.array(modelTemplate),
    }),
  ]),
});

type Environment = z.infer<typeof environmentSchema>;

/**
 * Starts a command in the root directory. `-c` imports from the working directory first, where a `torch.py` that came with
 * somebody's data would be executed. `-I` would hide packages that only the user has installed.
 */
export const IN_ROOT: readonly string[] = ['sh', '-c', 'cd / && exec "$0" "$@"'];

/** A shell's exit codes for a program that is not there or cannot be executed. */
const NOT_RUN: readonly (number | null)[] = [126, 127];

const SETUP = 'Create an environment with `aloe train setup` or setupPython(), and pass its Python.';

/** Checks Python, its packages, GPUs, disk space and the base model on the machine where this Python runs. */
export async function checkPython(options: CheckPythonOptions): Promise<Finding[]> {
  const { job, folder, python, hasGpus, run = runCommand, signal } = options;
  const script = await readPythonFile('inspect_environment.py');
  const variables = await templateVariables(job, signal);
  let result: CommandResult;
  try {
    // The script as text, since Python may run on a machine that does not have the file.
    result = await run([...IN_ROOT, python, '-c', script, folder, job.base, JSON.stringify(variables)], {
      signal,
    });
  } catch (error) {
    signal?.throwIfAborted();
    return [problem('python', `Could not run ${python} (${messageOf(error)}).`, SETUP)];
  }
  const environment = readEnvironment(result);
  if (environment === null) {
    const reason = result.stderr.trim().slice(-300);
    const message = NOT_RUN.includes(result.exitCode)
      ? `Could not run ${python} (${reason}).`
      : `${python} failed: ${reason}`;
    return [problem('python', message, SETUP)];
  }
  return [
    checkVersion(environment),
    ...(await checkPackages(job, environment)),
    ...checkOptions(job, environment),
    ...checkModel(job, environment),
    ...(hasGpus ? checkGpus(job, environment) : []),
    ...checkDisk(job, environment),
  ];
}

/** Reads the last line only: libraries may print lines before it. */
function readEnvironment({ exitCode, stdout }: CommandResult): Environment | null {
  try {
    return exitCode === 0 ? environmentSchema.parse(JSON.parse(stdout.trim().split('\n').at(-1)!)) : null;
  } catch {
    return null;
  }
}

function checkVersion({ python, packages }: Environment): Finding {
  const { trl } = packages;
  const needed = pythonFor(trl ?? NEWEST_TESTED.trl!);
  if (compareVersions(python, needed) >= 0) return ok('python', `Python ${python}.`);
  return problem('python', `Python ${python} is too old: TRL ${trl ?? ''} needs ${needed}.`, SETUP);
}

async function checkPackages(job: TrainingJob, { packages }: Environment): Promise<Finding[]> {
  const requirements = await readPythonFile('requirements-train.in');
  const pinned = [...requirements.matchAll(/^([\w-]+)(?:\[[\w,-]+\])?==(\S+)$/gm)].flatMap(
    ([, name, oldest]) => {
      const newest = NEWEST_TESTED[name!];
      return newest === undefined ? [] : [{ name: name!, tested: [oldest!, newest] as const }];
    },
  );
  const wanted = job.launch.startsWith('zero3') ? [...pinned, { name: 'deepspeed', tested: null }] : pinned;
  return wanted.map(({ name, tested }) => {
    const found = packages[name];
    const check = `package ${name}`;
    if (!found) return problem(check, `${name} is not installed.`, SETUP);
    if (tested === null) return ok(check, `${name} ${found}.`);
    const [oldest, newest] = tested;
    if (compareVersions(found, oldest) >= 0 && compareVersions(found, newest) <= 0) {
      return ok(check, `${name} ${found}.`);
    }
    const python = name === 'trl' ? ` (${newest} needs Python ${pythonFor(newest)})` : '';
    const range = oldest === newest ? oldest : `${oldest} to ${newest}${python}`;
    return warning(check, `${name} ${found} is installed; this library was tested with ${range}.`, SETUP);
  });
}

/** Names that the library does not know may be options of a newer TRL, so the TRL that will train decides. */
function checkOptions({ stages }: TrainingJob, { options, packages }: Environment): Finding[] {
  return stages.flatMap(({ name, method, options: given }) => {
    const known = options[method];
    if (known === null) return [];
    const check = `options of ${name}`;
    const refused = refusedOptions(given, known);
    if (refused.length === 0) return [ok(check, `TRL ${packages.trl} knows all of them.`)];
    return refused.map(({ name: option, hint }) =>
      problem(
        check,
        `TRL ${packages.trl} has no option "${option}".`,
        hint ?? `Remove it from ${method}Options, or install a TRL that has it.`,
      ),
    );
  });
}

function checkModel(job: TrainingJob, { model }: Environment): Finding[] {
  if (model.error !== null) {
    const remedy =
      'Check the name, your access (`hf auth login`, or passEnv: ["HF_TOKEN"]) and the network, or pass a local directory.';
    return [problem('base model', `${job.base}: ${model.error}`, remedy)];
  }
  const { parameters, contextLength, processor, templates } = model;
  const longest = Math.max(...job.stages.map(({ options }) => Number(options.max_length ?? 0)));
  const findings = [ok('base model', `${job.base} has ${(parameters / 1e6).toFixed(1)} million parameters.`)];
  if (contextLength !== null && longest > contextLength) {
    const message = `max_length is ${longest}, but the model's context length is ${contextLength}.`;
    findings.push(warning('context', message, 'Lower max_length.'));
  }
  if (processor !== null) {
    const message = `Its processor cannot be loaded (${processor}). Rows of text need the tokenizer only.`;
    findings.push(ok('processor', message));
  }
  return [...findings, ...templates.flatMap((template) => checkTemplate(job, template))];
}

function checkGpus(job: TrainingJob, { gpus, model, packages }: Environment): Finding[] {
  const { resources } = job;
  if (resources.gpus === 0) return [ok('gpus', 'None requested. Training on CPUs is slow.')];
  if (gpus.length < resources.gpus) {
    const remedy = 'Lower resources.gpus (0 trains on CPUs), or train on another machine.';
    return [problem('gpus', `${resources.gpus} requested, ${gpus.length} found.`, remedy)];
  }
  const names = [...new Set(gpus.map(({ name }) => name))].join(', ');
  const findings = [ok('gpus', `${gpus.length} found: ${names}.`)];
  if (gpus.some(({ bf16 }) => !bf16)) {
    const remedy = 'Set bf16: false and fp16: true, and dtype: "float16", in sftOptions and dpoOptions.';
    findings.push(problem('bf16', 'These GPUs do not support bf16.', remedy));
  }
  if (model.error !== null) return findings;
  if (model.config === null) return findings;
  const have = Math.min(...gpus.map(({ totalBytes }) => totalBytes));
  return [
    ...findings,
    ...checkGpuMemory(
      job,
      { model: factsFrom(model.config, model.parameters), trl: packages.trl ?? undefined },
      have,
    ),
  ];
}

function checkDisk(job: TrainingJob, { freeDiskBytes, model }: Environment): Finding[] {
  if (model.error !== null) return [];
  const need = estimateDisk(job, model);
  const message = `Needs about ${gib(need)} GiB; ${gib(freeDiskBytes)} GiB free.`;
  if (need <= freeDiskBytes) return [ok('disk', message)];
  return [problem('disk', message, 'Free some space, or choose another directory for jobs.')];
}
