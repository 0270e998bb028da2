import { adaptive } from '../../src/adaptive/index.ts';
import { type Demo, openDemo } from '../../src/demo/index.ts';
import {
  AloeEvaluator,
  type ChatModel,
  type ConversationTree,
  ConversationTreeBuilder,
  type EvaluationResult,
  memoryRun,
  PersonaPool,
} from '../../src/index.ts';
import { user } from '../../src/messages.ts';
import { formatPlace } from '../../src/models/place.ts';
import {
  adaptedResponsePrompt,
  inductionPrompt,
  judgeAspectsPrompt,
  type Prompt,
  personalityGenerationPrompt,
  preferenceInferencePrompt,
  profileGenerationPrompt,
  responderPrompt,
  rolePlayerPrompt,
} from '../../src/prompts.ts';

/** The study as a script of the reader's own plays it. */
export interface DemoRun {
  readonly demo: Demo;
  readonly pool: PersonaPool;
  readonly trees: readonly ConversationTree[];
  readonly bare: EvaluationResult;
  readonly adapted: EvaluationResult;
  /** The places that were asked for. */
  readonly asked: ReadonlySet<string>;
  /** The last message of every request. */
  readonly requests: readonly string[];
}

/** Plays the demo. `change` is applied to every prompt. */
export async function playDemo(
  change: <Variables>(prompt: Prompt<Variables>) => Prompt<Variables> = (prompt) => prompt,
): Promise<DemoRun> {
  const demo = await openDemo();
  const { seed, pool: poolOptions, turns, cases } = demo;
  const asked = new Set<string>();
  const requests: string[] = [];
  const model: ChatModel = {
    ...demo.model,
    generate(request, options = {}) {
      if (options.place !== undefined) asked.add(formatPlace(options.place));
      requests.push(request.messages.at(-1)!.content);
      return demo.model.generate(request, options);
    },
  };
  const run = memoryRun({ seed });
  const pool = await PersonaPool.grow({
    run,
    model,
    ...poolOptions,
    prompts: {
      profiles: change(profileGenerationPrompt),
      personalities: change(personalityGenerationPrompt),
    },
  });
  const builder = new ConversationTreeBuilder({
    run,
    roles: model,
    turns,
    order: 'input',
    prompts: {
      rolePlayer: change(rolePlayerPrompt),
      inducer: change(inductionPrompt),
      responder: change(responderPrompt),
    },
  });
  const trees = await Array.fromAsync(builder.build(pool.personas({ personalitiesPerProfile: 1 })));
  const evaluator = new AloeEvaluator({
    run,
    user: model,
    judge: model,
    cases,
    turns,
    prompts: { user: change(rolePlayerPrompt), judge: change(judgeAspectsPrompt) },
  });
  const bare = await evaluator.evaluate({ name: 'bare', model });
  const adapted = await evaluator.evaluate({
    name: 'adaptive',
    model: adaptive(model, {
      prompts: { inference: change(preferenceInferencePrompt), response: change(adaptedResponsePrompt) },
    }),
  });
  await run.close();
  return { demo, pool, trees, bare, adapted, asked, requests };
}

/** The same prompt in another version, with other words. */
export function reworded<Variables>(prompt: Prompt<Variables>): Prompt<Variables> {
  return {
    ...prompt,
    version: prompt.version + 1,
    messages: (variables) => [...prompt.messages(variables), user('Take your time.')],
  };
}
