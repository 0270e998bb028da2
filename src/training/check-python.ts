import { z } from 'zod';
import { type CommandResult, type CommandRunner, runCommand } from '../internal/run-command.ts';
import { readPythonFile } from './python-script.ts';
import type { Finding } from './training-backend.ts';
import type { TrainingJob } from './training-job.ts';
import { estimateDisk, estimateGpuMemory } from './training-memory.ts';

export interface CheckPythonOptions {
  readonly job: TrainingJob;
  /** Where the job would be written. */
  readonly folder: string;
  /** The program. */
  readonly python: string;
  /** Whether the GPUs of this machine are those of the training. */
  readonly hasGpus: boolean;
  readonly run?: CommandRunner | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What `inspect_environment.py` prints. */
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
      contextLength: z.number().nullable(),
      template: z.string().nullable(),
    }),
  ]),
});

type Environment = z.infer<typeof environmentSchema>;

const GIB = 2 ** 30;

const SETUP = 'Make an environment with `aloe train setup` or setupPython(), and pass its Python.';

/** What is missing of Python, packages, GPUs, disk and base model where this Python runs. */
export async function checkPython(options: CheckPythonOptions): Promise<Finding[]> {
  const { job, folder, python, hasGpus, run = runCommand, signal } = options;
  const script = await readPythonFile('inspect_environment.py');
  let result: CommandResult;
  try {
    // The text itself: the script need not lie where Python runs.
    result = await run([python, '-c', script, folder, job.base], { signal });
  } catch (error) {
    signal?.throwIfAborted();
    return [problem('python', `${python} could not be started (${(error as Error).message}).`, SETUP)];
  }
  const environment = readEnvironment(result);
  if (environment === null) {
    return [problem('python', `${python} failed: ${result.stderr.trim().slice(-300)}`, SETUP)];
  }
  return [
    fine('python', `Python ${environment.python}.`),
    ...(await checkPackages(job, environment)),
    ...checkModel(job, environment),
    ...(hasGpus ? checkGpus(job, environment) : []),
    ...checkDisk(job, environment),
  ];
}

/** The last line: libraries may print before it. */
function readEnvironment({ exitCode, stdout }: CommandResult): Environment | null {
  try {
    return exitCode === 0 ? environmentSchema.parse(JSON.parse(stdout.trim().split('\n').at(-1)!)) : null;
  } catch {
    return null;
  }
}

async function checkPackages(job: TrainingJob, { packages }: Environment): Promise<Finding[]> {
  const requirements = await readPythonFile('requirements-train.txt');
  const tested = [...requirements.matchAll(/^([\w-]+)(?:\[[\w,-]+\])?==(\S+)$/gm)];
  const wanted = job.launch === 'zero3' ? [...tested, ['', 'deepspeed', undefined] as const] : tested;
  return wanted.map(([, name, version]) => {
    const found = packages[name!];
    const check = `package ${name}`;
    if (!found) return problem(check, `${name} is not installed.`, SETUP);
    // A build's own mark, as in 2.13.0+cpu, is no other version.
    if (version === undefined || found.split('+')[0] === version) return fine(check, `${name} ${found}.`);
    const message = `${name} ${found}; this library was tested with ${version}.`;
    return { check, level: 'warning', message, remedy: SETUP };
  });
}

function checkModel(job: TrainingJob, { model }: Environment): Finding[] {
  if (model.error !== null) {
    const remedy = 'Check the name, the access rights (HF_TOKEN) and the network, or give a folder.';
    return [problem('base model', `${job.base}: ${model.error}`, remedy)];
  }
  const { parameters, contextLength, template } = model;
  const longest = Math.max(...job.stages.map(({ options }) => Number(options.max_length ?? 0)));
  const findings = [fine('base model', `${job.base} has ${(parameters / 1e6).toFixed(1)} million weights.`)];
  if (contextLength !== null && longest > contextLength) {
    const message = `max_length is ${longest}, and the model's context ${contextLength}.`;
    findings.push({ check: 'context', level: 'warning', message, remedy: 'Lower max_length.' });
  }
  if (template === null)
    return [...findings, fine('chat template', 'The tokenizer has one that can be used.')];
  const remedy = 'Take the instruction-tuned model, or add a chat_template.jinja to the folder.';
  return [...findings, problem('chat template', `It cannot be used: ${template}.`, remedy)];
}

function checkGpus(job: TrainingJob, { gpus, model }: Environment): Finding[] {
  const { resources } = job;
  if (resources.gpus === 0) return [fine('gpus', 'None are asked for; training on processors is slow.')];
  if (gpus.length < resources.gpus) {
    const remedy = 'Ask for fewer (resources.gpus, 0 for none), or train on another machine.';
    return [problem('gpus', `${gpus.length} of ${resources.gpus} that are asked for.`, remedy)];
  }
  const names = [...new Set(gpus.map(({ name }) => name))].join(', ');
  const findings = [fine('gpus', `${gpus.length}: ${names}.`)];
  if (gpus.some(({ bf16 }) => !bf16)) {
    const remedy = 'Set bf16: false and fp16: true, and dtype: "float16", in sftOptions and dpoOptions.';
    findings.push(problem('bf16', 'These GPUs cannot compute in bf16.', remedy));
  }
  if (model.error !== null) return findings;
  const need = estimateGpuMemory(job, model);
  const have = Math.min(...gpus.map(({ totalBytes }) => totalBytes));
  const message = `About ${gib(need)} GiB a GPU are needed by a rule of thumb, ${gib(have)} are there.`;
  if (need <= have) return [...findings, fine('gpu memory', message)];
  const remedy =
    'Lower per_device_train_batch_size or max_length, use the lora preset, load_in_4bit, or more GPUs.';
  return [...findings, { check: 'gpu memory', level: 'warning', message, remedy }];
}

function checkDisk(job: TrainingJob, { freeDiskBytes, model }: Environment): Finding[] {
  if (model.error !== null) return [];
  const need = estimateDisk(job, model);
  const message = `About ${gib(need)} GiB are needed, ${gib(freeDiskBytes)} are free.`;
  if (need <= freeDiskBytes) return [fine('disk', message)];
  return [problem('disk', message, 'Free some, or choose another folder.')];
}

function gib(bytes: number): string {
  return (bytes / GIB).toFixed(1);
}

export function fine(check: string, message: string): Finding {
  return { check, level: 'ok', message, remedy: null };
}

export function problem(check: string, message: string, remedy: string): Finding {
  return { check, level: 'error', message, remedy };
}
