import { type BooleanArgDef, type CommandDef, defineCommand, type StringArgDef } from 'citty';
import { transformersEmbedder } from '../embeddings/transformers.ts';
import { InvalidOptionError } from '../errors.ts';
import { holisticJudge } from '../evaluation/judges/holistic-judge.ts';
import type { ChatModel } from '../models/chat-model.ts';
import { embeddedModel } from '../models/embedded.ts';
import { llamaCpp } from '../models/llama-cpp.ts';
import { openai } from '../models/openai.ts';
import { checkArguments } from './check-arguments.ts';
import { guarded } from './guarded.ts';
import { pullWithProgress } from './pull-with-progress.ts';
import { quickstart } from './quickstart.ts';

const DEFAULT_OPENAI_MODEL = 'gpt-4o-mini';

const WEAK_MODEL_NOTE =
  'Note: the embedded model has 135 million parameters. It shows that everything works, on real weights; as a\n' +
  'teacher and as a judge it is weak, and its scores say little. Use --model or --gguf for results to rely on.';

/** Found by reading what the embedded model writes: warmer, its people lose their thread; a cold judge gives one score to all. */
const WEAK_MODEL_TEMPERATURES = { user: 0.4, judge: 0.8 } as const;

interface ChosenModel {
  readonly model: ChatModel & { dispose?(): Promise<void> };
  /** What a reader of the results should know about the model; empty for one that can be relied on. */
  readonly note: string;
  /** Default: the library's own. */
  readonly temperatures?: { readonly user: number; readonly judge: number };
}

type WithDefault = StringArgDef & { readonly default: string };

const quickstartArgs: Record<
  'out' | 'profiles' | 'personas' | 'turns' | 'cases' | 'seed' | 'retries',
  WithDefault
> &
  Record<'model' | 'base-url' | 'gguf' | 'models-dir', StringArgDef> &
  Record<'embedded' | 'offline', BooleanArgDef> = {
  out: {
    type: 'string',
    default: 'runs/quickstart',
    description: 'Run folder; the same one again continues or replays.',
  },
  model: {
    type: 'string',
    description: `Model of OpenAI or of OPENAI_BASE_URL (with OPENAI_API_KEY set: ${DEFAULT_OPENAI_MODEL}).`,
  },
  'base-url': {
    type: 'string',
    description: 'Any OpenAI-compatible server, e.g. http://localhost:8000/v1 (needs --model).',
  },
  gguf: { type: 'string', description: 'A GGUF file to use in this process instead of the embedded one.' },
  embedded: { type: 'boolean', description: 'The embedded model, even with OPENAI_API_KEY set.' },
  'models-dir': { type: 'string', description: 'Folder of the embedded weights (default: the user cache).' },
  offline: { type: 'boolean', description: 'Never fetch weights.' },
  profiles: { type: 'string', default: '2', description: 'Profiles to grow beyond the seeds.' },
  personas: { type: 'string', default: '3', description: 'Personas to converse with.' },
  turns: { type: 'string', default: '4', description: 'Turns of each conversation and of each case.' },
  cases: { type: 'string', default: '2', description: 'ALOE cases to evaluate on.' },
  seed: { type: 'string', default: '7', description: 'All choices derive from it.' },
  retries: {
    type: 'string',
    default: '5',
    description: 'How often a call is sent again after a failure that may pass.',
  },
};

export const quickstartCommand: CommandDef<typeof quickstartArgs> = defineCommand({
  meta: {
    name: 'quickstart',
    description: 'The whole method once, small: personas, conversations, training files, evaluation.',
  },
  args: quickstartArgs,
  run: ({ args }) =>
    guarded(async (signal) => {
      checkArguments(args, quickstartArgs);
      const sizes = {
        profiles: wholeNumber('profiles', args.profiles, 0),
        personas: wholeNumber('personas', args.personas, 1),
        turns: wholeNumber('turns', args.turns, 2),
        cases: wholeNumber('cases', args.cases, 1),
        seed: wholeNumber('seed', args.seed, 0),
        retries: wholeNumber('retries', args.retries, 0),
      };
      console.log('Models');
      const { model, note, temperatures } = await chooseModel(args, signal);
      const judge = holisticJudge(model, { temperature: temperatures?.judge });
      const { 'all-minilm-l6-v2': embedderPath } = await pullWithProgress({
        sets: ['all-minilm-l6-v2'],
        modelsDir: args['models-dir'],
        offline: args.offline,
        signal,
      });
      const embedder = transformersEmbedder({ modelPath: embedderPath });
      console.log(`  language model ${model.id}\n  embedder ${embedder.id}`);
      try {
        await quickstart({
          ...sizes,
          out: args.out,
          model,
          judge,
          embedder,
          note,
          userTemperature: temperatures?.user,
          signal,
        });
      } finally {
        await model.dispose?.();
      }
    }, `Run the same command again to continue where it stopped (${args.out}).`),
});

interface ModelArguments {
  readonly model?: string | undefined;
  readonly 'base-url'?: string | undefined;
  readonly gguf?: string | undefined;
  readonly embedded?: boolean | undefined;
  readonly 'models-dir'?: string | undefined;
  readonly offline?: boolean | undefined;
}

async function chooseModel(args: ModelArguments, signal: AbortSignal): Promise<ChosenModel> {
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

function wholeNumber(option: string, text: string, min: number): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < min) {
    throw new InvalidOptionError(option, `a whole number of at least ${min}`, text);
  }
  return value;
}
