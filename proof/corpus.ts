import { join } from 'node:path';
import {
  ConversationTreeBuilder,
  type Persona,
  PreferenceExporter,
  type PreferenceManifest,
  type Run,
  teeConversations,
  trlDpo,
  trlSft,
} from '../src/index.ts';
import { steeredRolePlayerPrompt } from '../src/prompts.ts';
import { rulesByText } from './people.ts';
import { scriptedInducer } from './scripted-inducer.ts';
import { scriptedTeacher } from './scripted-teacher.ts';
import { scriptedUser } from './scripted-user.ts';

/** Used in training and in evaluation, for every model. */
export const SYSTEM = 'You chat with a person.';

export interface CorpusOptions {
  readonly run: Run;
  readonly people: readonly Persona[];
  readonly turns: number;
  readonly folder: string;
  /** Share of profiles whose people are held out. Default 0: others are evaluated on. */
  readonly validationShare?: number | undefined;
  readonly signal: AbortSignal;
}

/** Simulates the training conversations with scripted roles, and writes the training files. */
export async function buildCorpus(options: CorpusOptions): Promise<PreferenceManifest> {
  const { run, people, turns, folder, validationShare = 0, signal } = options;
  const stated = rulesByText(people);
  const teacher = scriptedTeacher(stated);
  const builder = new ConversationTreeBuilder({
    run,
    roles: {
      rolePlayer: scriptedUser(stated, 'training'),
      inducer: scriptedInducer(stated),
      preferred: teacher,
      rejected: teacher,
    },
    turns,
    // The scripted people read the fact to write about.
    prompts: { rolePlayer: steeredRolePlayerPrompt },
    // The message that is answered shows the preference, so the response can follow it at once.
    induction: 'current-message',
    // In evaluation, a tuned model sees its own earlier responses, which adapt. Training data should look the same.
    continuation: () => ['preferred'],
    order: 'input',
  });
  const trees = teeConversations(builder.build(people, { signal }), join(folder, 'conversations.jsonl'));
  const formats = [
    trlSft({ system: SYSTEM }),
    trlDpo({ system: SYSTEM }),
    trlSft({ system: SYSTEM, responses: 'rejected' }),
  ];
  // The scripted teacher has few sentences, so it says some of them again.
  return new PreferenceExporter({ formats, keep: ['repetition'], validationShare }).write(trees, folder, {
    signal,
  });
}
