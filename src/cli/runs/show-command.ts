import { shortNumber } from '../../internal/format.ts';
import { codeSpan, markdownTable, markdownText } from '../../internal/markdown.ts';
import { readRun } from '../../runs/manage/read-run.ts';
import type { RunSummary } from '../../runs/manage/run-summary.ts';
import { unusableRun } from '../command-run.ts';
import { megabytes } from '../terminal.ts';
import { defineVerb, type Verb } from '../verb.ts';

export const showCommand: Verb = defineVerb({
  args: {
    run: { type: 'positional', required: true, description: 'Run directory, or its URL in a database.' },
  },
  examples: [{ words: 'runs show runs/aloe', what: 'What the run holds, by model and by task.' }],
  interrupted: 'Interrupted. Nothing was changed.',
  async run({ args }) {
    const run = await readRun(args.run).catch((error: unknown) => {
      throw unusableRun(error);
    });
    return { text: describe(run), json: run };
  },
});

function describe({
  dir,
  seed,
  isFormer,
  calls,
  models,
  tasks,
  bytes,
  changed,
  inUseBy,
  pausedSince,
}: RunSummary): string {
  const facts = [
    `${codeSpan(dir)}: seed ${seed}, ${megabytes(bytes)}.`,
    inUseBy !== null && `In use by ${inUseBy}.`,
    pausedSince !== null && `Paused since ${pausedSince}.`,
    isFormer && 'Written by version 0.1: it can only be replayed.',
    changed === null ? 'No answers yet.' : `Last answer: ${changed}.`,
  ].filter((fact) => fact !== false);
  if (calls === 0) return facts.join('\n');
  const byModel = markdownTable(
    ['Model', 'Calls', 'Input tokens', 'Cached', 'Output tokens'],
    models.map(({ id, usage, ...own }) => [
      markdownText(id),
      shortNumber(own.calls),
      shortNumber(usage.inputTokens),
      shortNumber(usage.cachedInputTokens),
      shortNumber(usage.outputTokens),
    ]),
  );
  const byTask = markdownTable(
    ['Task', 'Calls'],
    Object.entries(tasks).map(([task, count]) => [markdownText(task || '(none)'), shortNumber(count)]),
  );
  return [facts.join('\n'), byModel, byTask].join('\n\n');
}
