import * as z from 'zod';
import { type CommandResult, type CommandRunner, runCommand } from '../../internal/run-command.ts';
import { readPythonFile } from '../folder/python-script.ts';
import type { TrainingJob } from '../job/training-job.ts';
import { factsFrom, modelConfigSchema } from '../plan/model-facts.ts';
import { estimateDisk } from '../plan/training-disk.ts';
import type { Finding } from '../training-backend.ts';
import { checkGpuMemory } from './check-gpu-memory.ts';
import { ok, problem, warning } from './findings.ts';

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
      template: z.string().nullable(),
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

const GIB = 2 ** 30;

const SETUP = 'Create an environment with `aloe train setup` or setupPython(), and pass its Python.';

/** Checks Python, its packages, GPUs, disk space and the base model on the machine where this Python runs. */
export async function checkPython(options: CheckPythonOptions): Promise<Finding[]> {
  const { job, folder, python, hasGpus, run = runCommand, signal } = options;
  const script = await readPythonFile('inspect_environment.py');
  let result: CommandResult;
  try {
    // The script as text, since Python may run on a machine that does not have the file.
    result = await run([...IN_ROOT, python, '-c', script, folder, job.base], { signal });
  } catch (error) {
    signal?.throwIfAborted();
    return [problem('python', `Could not run ${python} (${(error as Error).message}).`, SETUP)];
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
    ok('python', `Python ${environment.python}.`),
    ...(await checkPackages(job, environment)),
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

async function checkPackages(job: TrainingJob, { packages }: Environment): Promise<Finding[]> {
  const requirements = await readPythonFile('requirements-train.in');
  const tested = [...requirements.matchAll(/^([\w-]+)(?:\[[\w,-]+\])?==(\S+)$/gm)];
  const wanted = job.launch.startsWith('zero3') ? [...tested, ['', 'deepspeed', undefined] as const] : tested;
  return wanted.map(([, name, version]) => {
    const found = packages[name!];
    const check = `package ${name}`;
    if (!found) return problem(check, `${name} is not installed.`, SETUP);
    // A build suffix, as in 2.13.0+cpu, is still the same version.
    if (version === undefined || found.split('+')[0] === version) return ok(check, `${name} ${found}.`);
    const message = `${name} ${found} is installed; this library was tested with ${version}.`;
    return warning(check, message, SETUP);
  });
}

function checkModel(job: TrainingJob, { model }: Environment): Finding[] {
  if (model.error !== null) {
    const remedy =
      'Check the name, your access (`hf auth login`, or passEnv: ["HF_TOKEN"]) and the network, or pass a local directory.';
    return [problem('base model', `${job.base}: ${model.error}`, remedy)];
  }
  const { parameters, contextLength, template } = model;
  const longest = Math.max(...job.stages.map(({ options }) => Number(options.max_length ?? 0)));
  const findings = [ok('base model', `${job.base} has ${(parameters / 1e6).toFixed(1)} million parameters.`)];
  if (contextLength !== null && longest > contextLength) {
    const message = `max_length is ${longest}, but the model's context length is ${contextLength}.`;
    findings.push(warning('context', message, 'Lower max_length.'));
  }
  if (template === null) return [...findings, ok('chat template', 'The tokenizer has a usable one.')];
  const remedy = 'Use the instruction-tuned model, or add a chat_template.jinja to its directory.';
  return [...findings, problem('chat template', `It cannot be used: ${template}.`, remedy)];
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

function gib(bytes: number): string {
  return (bytes / GIB).toFixed(1);
}
