import * as z from 'zod';
import { TrainingError } from '../../errors.ts';
import { type CommandRunner, runCommand } from '../../internal/run-command.ts';
import { readPythonFile } from '../folder/python-script.ts';
import { factsFrom, type ModelFacts, modelConfigSchema } from '../plan/model-facts.ts';
import { IN_ROOT } from './check-python.ts';

/** Options of {@link inspectModel}. */
export interface InspectModelOptions {
  /** A Python with TRL, as `setupPython()` returns it. */
  readonly python: string;
  /** Runs the command. Default: as a child process. */
  readonly run?: CommandRunner | undefined;
  /** Stops the command. */
  readonly signal?: AbortSignal | undefined;
}

/** What `inspect_environment.py` says about a model. */
const answerSchema = z.object({
  model: z.union([
    z.object({ error: z.string() }),
    z.object({ error: z.null(), parameters: z.number(), config: modelConfigSchema }),
  ]),
});

/**
 * The facts of a base model that `planTraining()` needs, for a model on the hub. Python loads its config, not its weights.
 *
 * @throws TrainingError when Python cannot be run, or cannot load the model's config or tokenizer.
 */
export async function inspectModel(base: string, options: InspectModelOptions): Promise<ModelFacts> {
  const { python, run = runCommand, signal } = options;
  const script = await readPythonFile('inspect_environment.py');
  const { exitCode, stdout, stderr } = await run([...IN_ROOT, python, '-c', script, '/', base], { signal });
  const last = stdout.trim().split('\n').at(-1) ?? '';
  const parsed = exitCode === 0 ? answerSchema.safeParse(JSON.parse(last)) : undefined;
  if (parsed?.success && parsed.data.model.error === null) {
    return factsFrom(parsed.data.model.config, parsed.data.model.parameters);
  }
  const reason = parsed?.data?.model.error ?? (parsed?.error?.message || stderr.trim().slice(-300));
  throw new TrainingError(python, `could not read the config of ${base} (${reason}).`, {
    hint: 'Check the name, your access (`hf auth login`) and the network, or pass a local directory.',
  });
}
