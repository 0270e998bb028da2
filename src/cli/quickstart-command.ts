import { join } from 'node:path';
import { DEFAULT_OPENAI_MODEL } from '../config/open-model.ts';
import { writeFileAtomic } from '../internal/write-file.ts';
import { ALL_PARTS } from '../pipeline/open-pipeline.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { embedderArgs } from './choose-embedder.ts';
import { describeResults } from './describe-stages.ts';
import { liveArgs } from './live-page.ts';
import { otherPersonaArg } from './other-persona.ts';
import { quickstartConfig } from './quickstart-config.ts';
import { reboughtArgs } from './rebought.ts';
import { seedArg } from './seed-arg.ts';
import { flaggedModels, modelFlags, sameModelRoles } from './study/model-flags.ts';
import { evaluationsInJson, runStudy } from './study/run-study.ts';
import { type Study, withConfig } from './study/with-config.ts';
import { userPromptArg } from './user-prompt.ts';
import { defineVerb, type Outcome, type Verb } from './verb.ts';

export const quickstartCommand: Verb = defineVerb({
  args: {
    out: {
      type: 'string',
      valueHint: 'DIR',
      default: 'runs/quickstart',
      description: 'Run directory. Reuse it to resume.',
    },
    ...modelFlags({
      model: `Model: openai:NAME, openai-compatible:NAME@URL, ai-sdk:PACKAGE:NAME, or its name at --base-url, OPENAI_BASE_URL or OpenAI (default: ${DEFAULT_OPENAI_MODEL} if OPENAI_API_KEY is set, else the embedded model).`,
      gguf: 'GGUF file to run in this process instead of the embedded model, or hf:owner/repository:quantisation.',
      embedded: 'Use the embedded model even if OPENAI_API_KEY is set.',
      user: 'Model that plays the users (default: the model of the other roles).',
      judge: 'Model that judges (default: the model of the other roles).',
    }),
    ...embedderArgs,
    'models-dir': {
      type: 'string',
      description: 'Directory for the embedded weights (default: the user cache).',
    },
    offline: { type: 'boolean', description: 'Never download weights.' },
    'user-prompt': userPromptArg,
    profiles: {
      type: 'string',
      valueHint: 'N',
      default: '2',
      description: 'Profiles to generate beyond the seeds.',
    },
    personas: { type: 'string', valueHint: 'N', default: '3', description: 'Personas to simulate.' },
    turns: {
      type: 'string',
      valueHint: 'N',
      default: '4',
      description: 'Turns per conversation and per case.',
    },
    cases: {
      type: 'string',
      valueHint: 'N',
      default: '2',
      description: 'Number of ALOE cases to evaluate on.',
    },
    'other-persona': otherPersonaArg,
    seed: seedArg,
    ...reboughtArgs,
    retries: {
      type: 'string',
      valueHint: 'N',
      description: 'Retries per call on transient errors (default: 6).',
    },
    'deadline-minutes': {
      type: 'string',
      valueHint: 'N',
      description:
        'How long to wait for a model that cannot be reached or asks for a pause, in minutes (default: 30).',
    },
    'budget-usd': {
      type: 'string',
      valueHint: 'USD',
      description: 'Stop before spending more than this many US dollars (requires prices).',
    },
    'budget-tokens': { type: 'string', description: 'Stop before using more than this many tokens.' },
    'price-input': { type: 'string', valueHint: 'USD', description: 'US dollars per million input tokens.' },
    'price-output': {
      type: 'string',
      valueHint: 'USD',
      description: 'US dollars per million output tokens.',
    },
    ...liveArgs,
  },
  examples: [
    { words: 'quickstart', what: 'Small, with the model of OPENAI_API_KEY, else with the embedded one.' },
    {
      words: 'quickstart --model qwen2.5-7b --base-url http://localhost:8000/v1 --personas 10 --cases 5',
      what: 'Larger, with a model on your own server.',
    },
  ],
  failed: 'Failed, or some conversations or cases did. All files are written all the same.',
  interrupted: 'Run the same command again to resume.',
  async run({ args: given, signal, resumeWith }) {
    const args = given as Readonly<Record<string, unknown>>;
    const config = await quickstartConfig(args as Readonly<Record<string, string | undefined>>);
    return withConfig(
      config,
      {
        parts: ALL_PARTS,
        args,
        sameModel: QUICKSTART_ROLES.flatMap((role) => sameModelRoles(args, role)),
        flagged: (pipeline) => flaggedModels(pipeline, args, pipeline.model('preferred').model),
        // Its sizes are small unless its flags say otherwise.
        unasked: true,
        notes: 'results',
        signal,
        resumeWith,
      },
      work,
    );
  },
});

/** What `--model` does. */
const QUICKSTART_ROLES = ['personas', 'inducer', 'preferred', 'rejected', 'candidate'] as const;

async function work(study: Study): Promise<Outcome> {
  const { pipeline, display, note, resumeFlags } = study;
  const { dir } = pipeline.files;
  display.say(describeModels(pipeline));
  await study.estimate(['personas', 'conversations', 'evaluation']);
  const { count, examples, failed, data, evaluations, report, status } = await runStudy(study);
  const text = describeResults(
    evaluations.map(({ result }) => result),
    examples,
    note,
  );
  await writeFileAtomic(join(dir, 'report.md'), text);
  display.say('');
  const cost = study.cost();
  display.say(
    `All files are in ${dir}. Run the same command again${resumeFlags} to replay it without model calls.`,
  );
  return {
    text: `${text}\n\nReport (open it in a browser): ${report}`,
    json: {
      report,
      files: dir,
      data: data.manifest.files.map(({ name, rows }) => ({ path: join(data.path, name), rows })),
      conversations: { count, failed: failed.length },
      evaluations: evaluationsInJson(evaluations),
      cost,
    },
    status,
  };
}

/** The model, and those of users and judge if they have their own. */
function describeModels({ config, model, embedder }: Pipeline): string {
  const { user, judge } = config.models ?? {};
  return [
    'Models',
    `  language model ${model('preferred').model.id}`,
    ...(user === undefined ? [] : [`  users ${model('user').model.id}`]),
    ...(judge === undefined ? [] : [`  judge ${model('judge').model.id}`]),
    `  embedder ${embedder().id}`,
  ].join('\n');
}
