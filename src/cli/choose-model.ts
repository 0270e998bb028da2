import { InvalidOptionError } from '../errors.ts';
import type { ChatModel } from '../models/chat-model.ts';
import { embeddedModel } from '../models/embedded.ts';
import { llamaCpp } from '../models/llama-cpp.ts';
import { openai } from '../models/openai.ts';
import { pullWithProgress } from './pull-with-progress.ts';

export const DEFAULT_OPENAI_MODEL = 'gpt-4o-mini';

const WEAK_MODEL_NOTE =
  'Note: the embedded model has 135 million parameters. It shows that everything works, on real weights; as a\n' +
  'teacher and as a judge it is weak, and its scores say little. Use --model or --gguf for results to rely on.';

/** Found by reading what the embedded model writes: warmer, its people lose their thread; a cold judge gives one score to all. */
const WEAK_MODEL_TEMPERATURES = { user: 0.4, judge: 0.8 } as const;

export interface ChosenModel {
  readonly model: ChatModel & { dispose?(): Promise<void> };
  /** What a reader of the results should know about the model; empty for one that can be relied on. */
  readonly note: string;
  /** Default: the library's own. */
  readonly temperatures?: { readonly user: number; readonly judge: number };
}

export interface ModelArguments {
  readonly model?: string | undefined;
  readonly 'base-url'?: string | undefined;
  readonly gguf?: string | undefined;
  readonly embedded?: boolean | undefined;
  readonly 'models-dir'?: string | undefined;
  readonly offline?: boolean | undefined;
}

/** The model that the command line and the environment name; the embedded one when they name none. */
export async function chooseModel(args: ModelArguments, signal: AbortSignal): Promise<ChosenModel> {
  const { model, gguf, embedded } = args;
  const baseUrl = args['base-url'];
  const chosen = [model !== undefined && '--model', gguf !== undefined && '--gguf', embedded && '--embedded'];
  if (chosen.filter(Boolean).length > 1) {
    throw new InvalidOptionError(
      'model',
      'one of --model, --gguf and --embedded',
      chosen.filter(Boolean).join(' and '),
    );
  }
  if (baseUrl !== undefined && model === undefined) {
    throw new InvalidOptionError('model', 'the name of a model, as --base-url is given', model);
  }
  if (gguf !== undefined) return { model: llamaCpp({ modelPath: gguf }), note: '' };
  if (model !== undefined) return { model: openai(model, { baseUrl }), note: '' };
  if (process.env.OPENAI_API_KEY && !embedded) return { model: openai(DEFAULT_OPENAI_MODEL), note: '' };
  const { 'models-dir': modelsDir, offline } = args;
  await pullWithProgress({ sets: ['smollm2-135m-instruct'], modelsDir, offline, signal });
  return {
    model: embeddedModel({ modelsDir }),
    note: WEAK_MODEL_NOTE,
    temperatures: WEAK_MODEL_TEMPERATURES,
  };
}
