import type { RetuneReply } from '../../control/protocol.ts';
import { InvalidOptionError } from '../../errors.ts';
import { displayedPlace } from '../../runs/postgres-url.ts';
import { describeRetuning, namedSettings } from '../../runs/steering/describe-retuning.ts';
import type { LimitChanges, Retuning, RunSettings } from '../../runs/steering/steering.ts';
import { readNumber } from '../read-number.ts';
import { defineVerb, type Verb } from '../verb.ts';
import { ASKED_NOTHING, runArg, withRunningProcess } from './steer-run.ts';

const FLAGS = {
  concurrency: {
    type: 'string',
    valueHint: 'N',
    description: 'Maximum number of model calls in flight, over all models.',
  },
  'budget-usd': {
    type: 'string',
    valueHint: 'USD|none',
    description: 'Budget in US dollars over the whole life of the run (requires prices).',
  },
  'budget-tokens': {
    type: 'string',
    valueHint: 'N|none',
    description: 'Budget in tokens over the whole life of the run.',
  },
  rpm: { type: 'string', valueHint: 'N|none', description: 'Requests per minute of --model.' },
  tpm: { type: 'string', valueHint: 'N|none', description: 'Tokens per minute of --model.' },
  model: {
    type: 'string',
    valueHint: 'ID',
    description: 'Model that --rpm and --tpm are about (default: the only one of the run).',
  },
} as const;

type Flags = Readonly<Partial<Record<keyof typeof FLAGS, string | undefined>>>;

export const retuneCommand: Verb = defineVerb({
  args: { ...runArg, ...FLAGS },
  examples: [
    { words: 'runs retune runs/aloe --concurrency 64 --budget-usd 40', what: 'At once, without a restart.' },
    {
      words: 'runs retune runs/aloe --model gpt-4o --rpm 500',
      what: 'At most 500 calls of this model a minute. `--rpm none` removes the limit.',
    },
  ],
  interrupted: ASKED_NOTHING,
  run: ({ args }) => {
    const { run } = args;
    return withRunningProcess(run, async (client) => {
      const now = (await client.ask({ do: 'retune', changes: {} })) as RetuneReply;
      const changes = readChanges(args, now.after);
      if (Object.keys(changes).length === 0) {
        return { text: listed(now.after), json: { before: now.after, after: now.after } };
      }
      const { before, after } = (await client.ask({ do: 'retune', changes })) as RetuneReply;
      return {
        text: `Changed ${displayedPlace(run)}: ${describeRetuning(before, after)}.`,
        json: { before, after },
      };
    });
  },
});

function readChanges(flags: Flags, settings: RunSettings): Retuning {
  const { concurrency } = flags;
  const budget = given({
    usd: readLimit('budget-usd', flags['budget-usd'], 0),
    tokens: readLimit('budget-tokens', flags['budget-tokens'], 0),
  });
  const limits: LimitChanges = given({
    requestsPerMinute: readLimit('rpm', flags.rpm, 1 / 1_440),
    tokensPerMinute: readLimit('tpm', flags.tpm, 1 / 1_440),
  });
  const isLimited = Object.keys(limits).length > 0;
  return {
    ...(concurrency !== undefined && {
      concurrency: readNumber('concurrency', concurrency, { min: 1, whole: true }),
    }),
    ...(Object.keys(budget).length > 0 && { budget }),
    ...(isLimited && { limits: { [modelOf(flags, settings)]: limits } }),
  };
}

/** Null for `none`. */
function readLimit(flag: string, text: string | undefined, min: number): number | null | undefined {
  if (text === undefined) return undefined;
  return text === 'none' ? null : readNumber(flag, text, { min });
}

function modelOf({ model }: Flags, { limits }: RunSettings): string {
  if (model !== undefined) return model;
  const [only, ...others] = Object.keys(limits);
  if (only !== undefined && others.length === 0) return only;
  throw new InvalidOptionError('--model is missing.', {
    hint:
      only === undefined
        ? 'The run has not opened a model yet.'
        : `The models of the run are ${[only, ...others].join(', ')}.`,
  });
}

function given<Values extends object>(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Values;
}

/** Without a flag, the settings are shown. */
function listed(settings: RunSettings): string {
  return [...namedSettings(settings)].map(([name, value]) => `${name}: ${value}`).join('\n');
}
