import { builderScalars } from '../../conversations/builder-options.ts';
import type { ConversationTree } from '../../conversations/conversation-tree.ts';
import type { EvaluationResult } from '../../evaluation/evaluation-result.ts';
import { runPipeline } from '../../pipeline/run-pipeline.ts';
import type { PreferenceManifest } from '../../preferences/manifest.ts';
import { describeConversation, describePersonas } from '../describe-stages.ts';
import { describeIncomplete, isComplete, missingOf } from '../evaluate-report.ts';
import { EXIT } from '../exit-status.ts';
import { describeManifest } from './export-command.ts';
import { sayFailed } from './say-failed.ts';
import type { Study } from './with-config.ts';

/** What the whole method has left. */
export interface RanStudy {
  /** Number of conversations. */
  readonly count: number;
  /** The first conversations, for an example. */
  readonly examples: readonly ConversationTree[];
  /** Ids of the conversations that ended early. */
  readonly failed: readonly string[];
  readonly data: { readonly path: string; readonly manifest: PreferenceManifest };
  readonly evaluations: readonly { readonly path: string; readonly result: EvaluationResult }[];
  /** Path of the report page. */
  readonly report: string;
  /** `EXIT.failed` if a conversation, case or judgement failed. */
  readonly status: typeof EXIT.done | typeof EXIT.failed;
}

const MAX_EXAMPLES = 20;

/** Runs the whole method, and says on stderr what each stage has made. */
export async function runStudy({ pipeline, display }: Study): Promise<RanStudy> {
  const turns = builderScalars.turns(pipeline.config.conversations?.turns, 'conversations.turns');
  const examples: ConversationTree[] = [];
  const failed: string[] = [];
  const evaluations: { readonly path: string; readonly result: EvaluationResult }[] = [];
  let count = 0;
  let data: RanStudy['data'] | undefined;
  let report = '';
  const sayWhy = sayFailed(display.say, turns, pipeline.files.conversations);
  const enter = (stage: string) => {
    display.say(`\n${stage}`);
    display.stage = stage.toLowerCase();
  };
  enter('Personas');
  for await (const step of runPipeline(pipeline)) {
    switch (step.stage) {
      case 'personas':
        display.say(describePersonas(step, pipeline.config));
        enter('Conversations');
        break;
      case 'conversation':
        count += 1;
        if (examples.length < MAX_EXAMPLES) examples.push(step.tree);
        if (step.tree.failures.length > 0) {
          failed.push(step.tree.id);
          sayWhy(step.tree);
        } else if (count <= MAX_EXAMPLES) display.say(describeConversation(step.tree, turns));
        break;
      case 'export':
        data = step;
        display.say(describeManifest(step.manifest, step.path).replaceAll(/^/gm, '  '));
        enter('Evaluation');
        break;
      case 'evaluation':
        evaluations.push(step);
        display.say(`  ${step.path}`);
        for (const line of describeIncomplete(step.result)) display.say(`  ${line}`);
        break;
      case 'report':
        report = step.path;
    }
  }
  const isWhole = failed.length === 0 && evaluations.every(({ result }) => isComplete(result));
  if (!isWhole) {
    display.say(
      `Some conversations, cases or judgements failed (see above), so the exit status is ${EXIT.failed}.`,
    );
  }
  // The pipeline exports before it evaluates.
  return {
    count,
    examples,
    failed,
    data: data!,
    evaluations,
    report,
    status: isWhole ? EXIT.done : EXIT.failed,
  };
}

/** What `--json` says of evaluations. */
export function evaluationsInJson(evaluations: RanStudy['evaluations']): object[] {
  return evaluations.map(({ path, result }) => ({
    path,
    ...result.candidate,
    average: result.average,
    interval: result.statistics.average,
    missing: missingOf(result),
  }));
}
