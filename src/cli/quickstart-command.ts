import { type BooleanArgDef, type CommandDef, defineCommand, type StringArgDef } from 'citty';
import { aloeCases } from '../benchmark/aloe-cases.ts';
import { transformersEmbedder } from '../embeddings/transformers.ts';
import { InvalidOptionError } from '../errors.ts';
import { holisticJudge } from '../evaluation/judges/holistic-judge.ts';
import type { Budget } from '../runs/ledger.ts';
import type { Price } from '../runs/prices.ts';
import { checkArguments } from './check-arguments.ts';
import { chooseModel, DEFAULT_OPENAI_MODEL, inFlags, resumeFlags, servedModelArgs } from './choose-model.ts';
import { guarded } from './guarded.ts';
import { otherPersonaArg, readOtherPersona } from './other-persona.ts';
import { pullWithProgress } from './pull-with-progress.ts';
import { quickstart } from './quickstart.ts';
import { readNumber, readOptionalNumber } from './read-number.ts';
import { reboughtArgs } from './rebought.ts';
import { print } from './terminal.ts';

type MoneyOption = 'budget-usd' | 'budget-tokens' | 'price-input' | 'price-output';

type WithDefault = StringArgDef & { readonly default: string };

const quickstartArgs: Record<
  'out' | 'profiles' | 'personas' | 'turns' | 'cases' | 'other-persona' | 'seed' | 'max-rebought',
  WithDefault
> &
  Record<
    'model' | 'base-url' | 'key-env' | 'revision' | 'gguf' | 'models-dir' | 'retries' | MoneyOption,
    StringArgDef
  > &
  Record<'embedded' | 'offline' | 'same-model', BooleanArgDef> = {
  out: {
    type: 'string',
    default: 'runs/quickstart',
    description: 'Run directory. Reuse it to resume.',
  },
  model: {
    type: 'string',
    description: `Model name at OpenAI or OPENAI_BASE_URL (default if OPENAI_API_KEY is set: ${DEFAULT_OPENAI_MODEL}).`,
  },
  'base-url': {
    type: 'string',
    description: 'OpenAI-compatible server, e.g. http://localhost:8000/v1 (requires --model).',
  },
  ...servedModelArgs,
  gguf: { type: 'string', description: 'GGUF file to run in this process instead of the embedded model.' },
  embedded: { type: 'boolean', description: 'Use the embedded model even if OPENAI_API_KEY is set.' },
  'models-dir': {
    type: 'string',
    description: 'Directory for the embedded weights (default: the user cache).',
  },
  offline: { type: 'boolean', description: 'Never download weights.' },
  profiles: { type: 'string', default: '2', description: 'Profiles to generate beyond the seeds.' },
  personas: { type: 'string', default: '3', description: 'Personas to simulate.' },
  turns: { type: 'string', default: '4', description: 'Turns per conversation and per case.' },
  cases: { type: 'string', default: '2', description: 'Number of ALOE cases to evaluate on.' },
  'other-persona': otherPersonaArg,
  seed: { type: 'string', default: '7', description: 'Random seed. Same seed, same choices.' },
  ...reboughtArgs,
  retries: {
    type: 'string',
    description: 'Retries per call on transient errors (default: 6).',
  },
  'budget-usd': {
    type: 'string',
    description: 'Stop before spending more than this many US dollars (requires prices).',
  },
  'budget-tokens': { type: 'string', description: 'Stop before using more than this many tokens.' },
  'price-input': { type: 'string', description: 'US dollars per million input tokens.' },
  'price-output': { type: 'string', description: 'US dollars per million output tokens.' },
};

export const quickstartCommand: CommandDef<typeof quickstartArgs> = defineCommand({
  meta: {
    name: 'quickstart',
    description:
      'Run the whole method once, on a small scale: personas, conversations, training files, evaluation.',
  },
  args: quickstartArgs,
  run: ({ args }) => {
    let flags = '';
    return guarded(
      async (signal) => {
        checkArguments(args, quickstartArgs);
        const sizes = {
          profiles: readNumber('profiles', args.profiles, { min: 0, whole: true }),
          personas: readNumber('personas', args.personas, { min: 1, whole: true }),
          turns: readNumber('turns', args.turns, { min: 2, whole: true }),
          cases: readNumber('cases', args.cases, { min: 1, max: aloeCases().length, whole: true }),
          seed: readNumber('seed', args.seed, { min: 0, whole: true }),
          maxRebought: readNumber('max-rebought', args['max-rebought'], { min: 0, whole: true }),
          retries: readOptionalNumber('retries', args.retries, { min: 0, whole: true }),
        };
        const otherPersona = readOtherPersona(args['other-persona']);
        const { budget, price } = readMoney(args);
        print('Models');
        const { model, note, temperatures, rubric } = await chooseModel(args, signal);
        const models = [{ model, same: 'same-model', revision: 'revision' }];
        flags = args['same-model'] ? '' : resumeFlags(models);
        const judge = holisticJudge(model, { temperature: temperatures?.judge, rubric });
        const { 'all-minilm-l6-v2': embedderPath } = await pullWithProgress({
          sets: ['all-minilm-l6-v2'],
          modelsDir: args['models-dir'],
          offline: args.offline,
          signal,
        });
        const embedder = transformersEmbedder({ modelPath: embedderPath });
        print(`  language model ${model.id}\n  embedder ${embedder.id}`);
        try {
          await quickstart({
            ...sizes,
            otherPersona,
            out: args.out,
            model,
            judge,
            embedder,
            note,
            resumeFlags: flags,
            budget,
            sameModel: args['same-model'],
            prices: price === undefined ? {} : { [model.id]: price },
            userTemperature: temperatures?.user,
            signal,
          });
        } catch (error) {
          throw inFlags(error, models);
        } finally {
          await model.dispose?.();
        }
      },
      () => `Run the same command again${flags ? ` with${flags}` : ''} to resume (${args.out}).`,
    );
  },
});

/** @throws InvalidOptionError for an invalid number, one price without the other, or a dollar budget without prices. */
function readMoney(args: Readonly<Partial<Record<MoneyOption, string>>>): {
  readonly budget: Budget;
  readonly price: Price | undefined;
} {
  const [usd, tokens, input, output] = (
    ['budget-usd', 'budget-tokens', 'price-input', 'price-output'] as const
  ).map((option) => readOptionalNumber(option, args[option], { min: 0 }));
  const price = input === undefined || output === undefined ? undefined : { input, output };
  if (price === undefined && (usd !== undefined || input !== undefined || output !== undefined)) {
    const missing = input === undefined ? 'price-input' : 'price-output';
    throw new InvalidOptionError(
      missing,
      'US dollars per million tokens (a dollar budget needs both prices)',
      undefined,
    );
  }
  return { budget: { usd, tokens }, price };
}
