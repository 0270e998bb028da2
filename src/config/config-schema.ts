import * as z from 'zod';
import { builderScalars } from '../conversations/builder-options.ts';
import { generationScalars } from '../conversations/generation-settings.ts';
import type { Embedder } from '../embeddings/embedder.ts';
import type { Candidate } from '../evaluation/candidate.ts';
import { evaluatorScalars } from '../evaluation/evaluator-options.ts';
import type { JsonValue } from '../json-value.ts';
import type { ChatModel } from '../models/chat-model.ts';
import { retryScalars } from '../models/retry.ts';
import { servedScalars } from '../models/served-options.ts';
import { growScalars } from '../personas/grow-options.ts';
import { pairingScalars } from '../personas/persona-pool.ts';
import { CONTENT_DROPS } from '../preferences/drop-reasons.ts';
import { exporterScalars } from '../preferences/exporter-options.ts';
import { runScalars } from '../runs/run-options.ts';
import type { AloeConfig, CandidateMethod, ConfigFormat, ConfigModel, TrainingConfig } from './config.ts';
import { REFERENCE_FORMS } from './model-reference.ts';
import { scalarShape } from './scalar-schema.ts';

const CONFIG_FORMATS: readonly ConfigFormat[] = [
  'axolotl-dpo',
  'axolotl-sft',
  'llama-factory-dpo',
  'llama-factory-sft',
  'openai-preference',
  'openai-sft',
  'trl-dpo',
  'trl-kto',
  'trl-sft',
];

const CANDIDATE_METHODS: readonly CandidateMethod[] = [
  'adaptive',
  'bare',
  'chain-of-thought',
  'oracle',
  'reminder',
  'self-critic',
  'wrong-persona',
];

/** A model, embedder or candidate that a TypeScript config made itself. Its user checks the rest of it. */
const madeInCode = <Value>(method: string, what: string): z.ZodType<Value> =>
  z.custom<Value>(
    (given) =>
      typeof given === 'object' && typeof (given as Record<string, unknown> | null)?.[method] === 'function',
    what,
  );

const whole = (min: number): z.ZodType<number> =>
  z.int(`a whole number of at least ${min}`).min(min, `a whole number of at least ${min}`);
const amount = z.number('a number of at least 0').min(0, 'a number of at least 0');
const text = z.string('a text').min(1, 'a text');
const yesOrNo = (description: string): z.ZodType<boolean> => z.boolean('true or false').meta({ description });
const oneOf = <Choice extends string>(choices: readonly Choice[], description: string): z.ZodType<Choice> =>
  z.literal(choices, `one of ${choices.join(', ')}`).meta({ description });

const chatTemplateKwargs = z.record(
  z.string(),
  z.union([text, z.boolean(), z.int()], 'a text, a whole number, true or false'),
  'variables by name',
);

const modelSettings = z.strictObject({
  model: text.meta({ description: `${REFERENCE_FORMS}.` }),
  baseUrl: text
    .meta({
      description:
        'Base URL of an OpenAI-compatible server, including /v1. Several servers of the same model: with commas between them.',
    })
    .optional(),
  keyEnv: text.meta({ description: 'Environment variable with the API key.' }).optional(),
  revision: text.meta({ description: 'A name for the weights that the server has now.' }).optional(),
  sameModel: yesOrNo('To resume: the server still has the same weights.').optional(),
  batch: yesOrNo(
    "Send calls through the server's batch API: half the price, up to 24 hours each.",
  ).optional(),
  ...scalarShape(servedScalars),
  chatTemplateKwargs: chatTemplateKwargs
    .meta({ description: "Variables for the model's chat template, such as enable_thinking: false." })
    .optional(),
});

const model = (description: string): z.ZodType<ConfigModel> =>
  z
    .union(
      [text, modelSettings, madeInCode<ChatModel>('generate', 'a ChatModel')],
      `a model: ${REFERENCE_FORMS}, or an object with "model"`,
    )
    .meta({ description });

const models = (description: string): z.ZodType<ConfigModel | readonly ConfigModel[]> =>
  z
    .union(
      [model(description), z.array(model(description)).min(1)],
      `a model: ${REFERENCE_FORMS}, or a list of models`,
    )
    .meta({ description });

const modelOfRoles = z.strictObject({
  default: model('Model of every role that has none of its own.').optional(),
  personas: model('Model that generates the entries of the persona pool.').optional(),
  user: model('Model that plays the users, in conversations and in evaluations.').optional(),
  inducer: model('Model that decides what user messages have revealed.').optional(),
  preferred: models(
    'Model that writes the preferred responses. Several, in a list, write by turns.',
  ).optional(),
  rejected: models(
    'Model that writes the rejected responses. Several, in a list, write by turns.',
  ).optional(),
  judge: model("Model that judges the candidates' responses.").optional(),
  pairJudge: model(
    'Model that verifies pairs, and picks the best of several responses (default: the judge).',
  ).optional(),
  embedder: z
    .union(
      [
        text,
        z.strictObject({
          model: text.meta({ description: 'lexical, transformers or openai:NAME.' }),
          baseUrl: text.optional(),
          keyEnv: text.optional(),
          dimensions: whole(1).optional(),
        }),
        madeInCode<Embedder>('embed', 'an Embedder'),
      ],
      'lexical, transformers or openai:NAME',
    )
    .meta({ description: 'What tells near-duplicates apart: lexical, transformers or openai:NAME.' })
    .optional(),
});

/** How texts of a kind are sampled. */
const generation = (texts: string) => {
  const { temperature, maxOutputTokens } = scalarShape(generationScalars);
  return z.strictObject({
    temperature: temperature.meta({ description: `Sampling temperature of ${texts}.` }),
    maxOutputTokens: maxOutputTokens.meta({ description: `Maximum length of ${texts}, in tokens.` }),
  });
};

const attributes = z.record(
  z.string(),
  z.union([z.array(text), z.record(z.string(), amount)], 'a list of values, or values with their shares'),
);

const personas = z.strictObject({
  pool: text.meta({ description: 'A saved pool to use instead of growing one.' }).optional(),
  ...scalarShape(growScalars),
  language: text
    .meta({ description: 'Language of the entries, such as de or pt-BR.', default: 'en' })
    .optional(),
  attributes: z
    .strictObject({
      profiles: attributes
        .meta({
          description: 'What profiles should be balanced by: names, and values with or without shares.',
        })
        .optional(),
      personalities: attributes.meta({ description: 'The same for personalities.' }).optional(),
    })
    .optional(),
  ...scalarShape(pairingScalars),
});

const conversations = z.strictObject({
  personas: whole(1)
    .meta({ description: 'Number of personas, drawn from the pool (default: all).' })
    .optional(),
  ...scalarShape(builderScalars),
  continueBoth: whole(0)
    .meta({ description: 'Turns after which a conversation goes on from both responses.', default: 0 })
    .optional(),
  verify: yesOrNo('Have a judge that knows the persona verify each pair, in both orders.').optional(),
  tasks: yesOrNo('Give each persona something to get done.').optional(),
  habits: z
    .number('a number from 0 to 1')
    .min(0, 'a number from 0 to 1')
    .max(1, 'a number from 0 to 1')
    .meta({ description: 'The chance of each human habit, such as typos.' })
    .optional(),
  userMessages: generation('user messages').optional(),
  responses: generation('responses').optional(),
});

const exported = z.strictObject({
  formats: z
    .array(z.literal(CONFIG_FORMATS, `one of ${CONFIG_FORMATS.join(', ')}`), 'a list of formats')
    .min(1, 'at least one format')
    .meta({ description: 'Formats of the training files.' })
    .optional(),
  chatTemplateKwargs: chatTemplateKwargs
    .meta({
      description: "Variables for the base model's chat template, in the rows of trl-sft and trl-dpo.",
    })
    .optional(),
  keep: z
    .array(z.literal(CONTENT_DROPS, `one of ${CONTENT_DROPS.join(', ')}`))
    .meta({
      description: `Rules on content to switch off, so that what they find is kept: ${CONTENT_DROPS.join(', ')}.`,
    })
    .optional(),
  ...scalarShape(exporterScalars),
});

const candidate = z.union(
  [
    z.literal(CANDIDATE_METHODS),
    z.strictObject({
      name: text.meta({ description: "Name in tables (default: the method, or the model's id)." }).optional(),
      model: model('The model under test (default: models.default).').optional(),
      method: oneOf(CANDIDATE_METHODS, 'How it is prompted.').optional(),
    }),
    madeInCode<Candidate>('respond', 'a Candidate'),
    madeInCode<Candidate>('messages', 'a Candidate'),
  ],
  `a candidate: ${CANDIDATE_METHODS.join(', ')}, or an object with "name", "model" and "method"`,
);

const evaluation = z.strictObject({
  candidates: z
    .array(candidate, 'a list of candidates')
    .min(1, 'at least one candidate')
    .meta({ description: `Methods (${CANDIDATE_METHODS.join(', ')}), or models with a method.` })
    .optional(),
  cases: z
    .union([whole(1), text], 'a number of cases, or a directory')
    .meta({
      description: "Number of ALOE cases, or the directory of the authors' evaluation files.",
      default: 100,
    })
    .optional(),
  ...scalarShape(evaluatorScalars),
  judge: oneOf(
    ['model', 'rules'],
    'An LLM judge, or rules: no LLM, and personas get preferences that code can check.',
  )
    .meta({ default: 'model' })
    .optional(),
  rubric: oneOf(
    ['aspects', 'paper'],
    'Rubric of the LLM judge: sub-scores and a score, or one score. Default: aspects; paper for small models.',
  ).optional(),
  otherPersona: z
    .union([z.enum(['any', 'opposite']), z.literal(false)], 'any, opposite, or false for none')
    .meta({
      description:
        'Also judge each response for another persona: any, opposite (with judge: rules), or false for none.',
      default: 'any',
    })
    .optional(),
  costs: yesOrNo(
    'Also measure what alignment cost: two probes after each case, and questions to the judge.',
  ).optional(),
  tasks: yesOrNo('Each user wants something done.').optional(),
  situations: yesOrNo('What users want depends on a situation, which changes.').optional(),
  human: yesOrNo('Some users have a bad day, are impatient, or make typos.').optional(),
  userMessages: generation('user messages').optional(),
  responses: generation('responses').optional(),
});

const trainerOption: z.ZodType<JsonValue> = z.json();
const trainerOptions = z.record(z.string(), trainerOption, 'options by name');
const trainingData = z.union(
  [text, z.strictObject({ train: text, validation: text.optional() })],
  'a file, or an object with "train" and "validation"',
);

const training = z.strictObject({
  base: text.meta({ description: 'The model to train: a name on the hub, or a directory.' }),
  sft: trainingData
    .meta({ description: 'Demonstrations for SFT (default: what this run exported as trl-sft).' })
    .optional(),
  dpo: trainingData
    .meta({ description: 'Preference pairs for DPO (default: what this run exported as trl-dpo).' })
    .optional(),
  preset: oneOf(['lora', 'paper'], 'Adapters, or all weights with the values of the paper.')
    .meta({ default: 'lora' })
    .optional(),
  sftOptions: trainerOptions.meta({ description: 'Options of trl sft.' }).optional(),
  dpoOptions: trainerOptions.meta({ description: 'Options of trl dpo.' }).optional(),
  checkpoints: z
    .union([z.literal('all'), whole(2)], 'a number of at least 2, or "all"')
    .meta({
      description:
        'How many checkpoints of each stage to keep, for `aloe train choose` (default: the newest).',
    })
    .optional(),
  resources: z
    .strictObject({
      gpus: whole(0).meta({ description: 'GPUs per node. 0 trains on CPUs.', default: 1 }).optional(),
      nodes: whole(1).meta({ description: 'Number of nodes.', default: 1 }).optional(),
      cpus: whole(1).meta({ description: 'CPU cores per node (default: the queue decides).' }).optional(),
      memoryGiB: whole(1).meta({ description: 'Memory per node, in GiB.' }).optional(),
      timeLimitMinutes: whole(1).meta({ description: 'Time limit, in minutes.' }).optional(),
      gpuKind: text
        .meta({ description: 'Kind of the GPUs, to plan with: H100, or a memory size such as 48GB.' })
        .optional(),
    })
    .optional(),
  launch: oneOf(
    ['single', 'ddp', 'fsdp2', 'fsdp2-offload', 'zero3', 'zero3-offload'],
    'How the training is distributed (default: by GPUs and nodes).',
  ).optional(),
  environment: z
    .record(z.string(), z.string(), 'variables by name')
    .meta({
      description: 'Environment variables for the trainers. Never secrets: they are stored in plain text.',
    })
    .optional(),
  name: text.meta({ description: 'Label of the job, for people and queues.', default: 'aloe' }).optional(),
});

/** Schema of a recipe file of `aloe train`: the options of a config's `training`, of which flags may give any. */
export const recipeSchema: z.ZodType<Omit<TrainingConfig, 'base'> & { readonly base?: string | undefined }> =
  training.partial();

/** Schema of an {@link AloeConfig}. Each message is a noun: it follows the word "expected". */
export const configSchema: z.ZodType<AloeConfig> = z.strictObject({
  $schema: text.meta({ description: 'For editors: the JSON Schema of this file.' }).optional(),
  run: text
    .meta({
      description: 'Run directory, or postgres://user@host/database?run=NAME for a run in a database.',
      default: 'runs/aloe',
    })
    .optional(),
  files: text
    .meta({
      description:
        'Directory of personas, conversations, training files, results and report (default: the run directory; for a run in a database, runs/NAME).',
    })
    .optional(),
  ...scalarShape(runScalars),
  sameModel: yesOrNo('To resume: all served models still have the same weights.').optional(),
  ...scalarShape(retryScalars),
  budget: z
    .strictObject({
      usd: amount
        .meta({ description: 'Stop before spending more than this many US dollars (requires prices).' })
        .optional(),
      tokens: amount
        .meta({ description: 'Stop before using more than this many tokens, input and output together.' })
        .optional(),
    })
    .meta({ description: 'A hard limit over the whole life of the run.' })
    .optional(),
  prices: z
    .record(
      z.string(),
      z.strictObject({
        input: amount,
        cachedInput: amount.optional(),
        output: amount,
        batchDiscount: z.number('a number from 0 to 1').min(0).max(1).optional(),
      }),
      'prices by model id',
    )
    .meta({ description: 'US dollars per million tokens, by model id.' })
    .optional(),
  models: modelOfRoles.meta({ description: 'The model of each role.' }).optional(),
  userPrompt: oneOf(
    ['free', 'steered'],
    'How the simulated users are prompted: they choose what to write about, or get one fact per message. Default: steered for small models, else free.',
  ).optional(),
  personas: personas.meta({ description: 'The persona pool.' }).optional(),
  conversations: conversations.meta({ description: 'The preference conversations.' }).optional(),
  export: exported.meta({ description: 'The training files.' }).optional(),
  evaluation: evaluation.meta({ description: 'The evaluation on the ALOE benchmark.' }).optional(),
  training: training.meta({ description: 'The fine-tune. Without it, nothing is trained.' }).optional(),
});
