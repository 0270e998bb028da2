import { continueBoth } from '../conversations/continuation.ts';
import { readConversations, teeConversations } from '../conversations/conversation-files.ts';
import type { ConversationTree } from '../conversations/conversation-tree.ts';
import {
  ConversationTreeBuilder,
  type ConversationTreeBuilderOptions,
} from '../conversations/conversation-tree-builder.ts';
import type { Persona } from '../personas/persona.ts';
import type { PreferenceManifest } from '../preferences/manifest.ts';
import { PreferenceExporter } from '../preferences/preference-exporter.ts';
import type { VerifyPairsOptions } from '../verification/verify-options.ts';
import { verifyPairs } from '../verification/verify-pairs.ts';
import { openFormats } from './formats.ts';
import type { Pipeline } from './pipeline.ts';
import { promptUsers } from './prompted-users.ts';

/** The options of the `ConversationTreeBuilder` that a config describes. */
export function builderOptions(pipeline: Pipeline): ConversationTreeBuilderOptions {
  const { config, run, model, onEvent } = pipeline;
  const {
    personas: _count,
    verify: _isVerified,
    continueBoth: depth = 0,
    userMessages,
    responses,
    ...options
  } = config.conversations ?? {};
  const user = model('user');
  const users = promptUsers(config.userPrompt, user);
  return {
    ...options,
    run,
    roles: {
      rolePlayer: user.model,
      inducer: model('inducer').model,
      preferred: pipeline.teachers('preferred').map((teacher) => teacher.model),
      rejected: pipeline.teachers('rejected').map((teacher) => teacher.model),
    },
    picker: (options.bestOf ?? 1) > 1 ? model('pairJudge').model : undefined,
    prompts: { rolePlayer: users.prompt },
    userMessages: { ...users.userMessages, ...userMessages },
    responses: { ...model('preferred').responses, ...responses },
    continuation: continueBoth({ depth }),
    // So that the same config writes the same bytes.
    order: 'input',
    onEvent,
  };
}

/** The options of `verifyPairs()` that a config describes. */
export function verifyOptions(pipeline: Pipeline): VerifyPairsOptions {
  const { run, signal, onEvent } = pipeline;
  const { model, temperatures } = pipeline.model('pairJudge');
  return { run, judge: model, temperature: temperatures?.judge, signal, onEvent };
}

/** Simulates a conversation with each persona, and verifies its pairs if the config says so. */
export function playConversations(
  pipeline: Pipeline,
  personas: readonly Persona[],
): AsyncGenerator<ConversationTree, void, undefined> {
  const builder = new ConversationTreeBuilder(builderOptions(pipeline));
  const trees = builder.build(personas, { signal: pipeline.signal });
  return pipeline.config.conversations?.verify === true ? verifyPairs(trees, verifyOptions(pipeline)) : trees;
}

/** Simulates a conversation with each persona, and saves them all. Yields each as soon as it is its turn in the file. */
export function simulate(
  pipeline: Pipeline,
  personas: readonly Persona[],
): AsyncGenerator<ConversationTree, void, undefined> {
  return teeConversations(playConversations(pipeline, personas), pipeline.files.conversations);
}

/** Writes the training files of conversations, by default of those that were simulated before. */
export function exportPreferences(
  { config, files, signal }: Pick<Pipeline, 'config' | 'files' | 'signal'>,
  trees: AsyncIterable<ConversationTree> = readConversations(files.conversations),
): Promise<PreferenceManifest> {
  const { formats: _names, chatTemplateKwargs: _variables, ...options } = config.export ?? {};
  const exporter = new PreferenceExporter({ ...options, seed: config.seed, formats: openFormats(config) });
  return exporter.write(trees, files.data, { signal });
}
