import { join } from 'node:path';
import { ConversationTreeBuilder } from '../../src/conversations/conversation-tree-builder.ts';
import { AloeEvaluator } from '../../src/evaluation/aloe-evaluator.ts';
import { saveEvaluation } from '../../src/evaluation/evaluation-file.ts';
import { openaiCompatible } from '../../src/models/openai-compatible.ts';
import { trlDpo } from '../../src/preferences/formats/trl-dpo.ts';
import { trlSft } from '../../src/preferences/formats/trl-sft.ts';
import { PreferenceExporter } from '../../src/preferences/preference-exporter.ts';
import type { RunEvent } from '../../src/runs/events.ts';
import { openRun, type Run } from '../../src/runs/run.ts';
import { benchPersonas } from './personas.ts';
import type { Work } from './work.ts';

/** The whole path: a run on disk, the builder with its defaults, and the exporter with two formats. */
export function buildWithAloe(work: Work): Promise<void> {
  return withRun(work, async (run) => {
    const roles = openaiCompatible('bench', { baseUrl: work.baseUrl, maxSockets: work.concurrency });
    const builder = new ConversationTreeBuilder({ run, roles, turns: work.turns, order: 'input' });
    const exporter = new PreferenceExporter({ formats: [trlSft(), trlDpo()] });
    const manifest = await exporter.write(
      builder.build(benchPersonas(work.conversations)),
      join(work.dir, 'data'),
    );
    if (manifest.source.failedConversations > 0 && !work.mayFail) {
      throw new Error(`${manifest.source.failedConversations} conversations failed.`);
    }
  });
}

/** The whole path: a run on disk, the evaluator without a second persona per response, and the result in a file. */
export function evaluateWithAloe(work: Work): Promise<void> {
  return withRun(work, async (run) => {
    const model = openaiCompatible('bench', { baseUrl: work.baseUrl, maxSockets: work.concurrency });
    const cases = benchPersonas(work.conversations).map((persona) => ({ id: persona.id, persona }));
    const evaluator = new AloeEvaluator({
      run,
      user: model,
      judge: model,
      cases,
      turns: work.turns,
      otherPersona: false,
    });
    await saveEvaluation(await evaluator.evaluate(model), join(work.dir, 'evaluation.json'));
  });
}

async function withRun(work: Work, use: (run: Run) => Promise<void>): Promise<void> {
  const run = await openRun(join(work.dir, 'run'), {
    concurrency: work.concurrency,
    sameModel: true,
    ...(work.onCall && {
      onEvent: ({ type }: RunEvent) => {
        if (type === 'call-start') work.onCall?.();
      },
    }),
  });
  await use(run);
  await run.close();
}
