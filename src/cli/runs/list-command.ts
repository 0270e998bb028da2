import { existsSync } from 'node:fs';
import { duration, shortNumber } from '../../internal/format.ts';
import { codeSpan, markdownTable } from '../../internal/markdown.ts';
import { listRuns, type UnreadableRun } from '../../runs/manage/list-runs.ts';
import type { RunSummary } from '../../runs/manage/run-summary.ts';
import { unusableRun } from '../command-run.ts';
import { megabytes } from '../terminal.ts';
import { defineVerb, type Verb } from '../verb.ts';

export const listCommand: Verb = defineVerb({
  args: {
    dir: {
      type: 'positional',
      required: false,
      description: 'Where to look, up to four levels deep, or the URL of a database (default: runs).',
    },
  },
  examples: [
    { words: 'runs list', what: 'All runs in runs/.' },
    { words: 'runs list /scratch --json', what: 'All runs in /scratch, for a program.' },
  ],
  interrupted: 'Interrupted. Nothing was changed.',
  async run({ args }) {
    const dir = args.dir ?? 'runs';
    // In a new project there is no default directory yet.
    const isNew = args.dir === undefined && !existsSync(dir);
    const runs = isNew
      ? []
      : await listRuns(dir).catch((error: unknown) => {
          throw unusableRun(error);
        });
    const now = Date.now();
    const rows = runs.map((run) => rowOf(run, now));
    const text =
      runs.length === 0
        ? `No runs in ${dir}.`
        : markdownTable(['Run', 'State', 'Last answer', 'Seed', 'Calls', 'Tokens', 'Size'], rows, 3);
    return { text, json: { runs } };
  },
});

function rowOf(run: RunSummary | UnreadableRun, now: number): string[] {
  if ('problem' in run)
    return [codeSpan(run.dir), 'unreadable: see `aloe runs show`', '–', '–', '–', '–', '–'];
  const { dir, seed, calls, usage, bytes, changed } = run;
  const state = stateOf(run);
  return [
    codeSpan(dir),
    state,
    changed === null ? '–' : `${duration(Math.max(0, now - Date.parse(changed)))} ago`,
    String(seed),
    shortNumber(calls),
    shortNumber(usage.inputTokens + usage.outputTokens),
    megabytes(bytes),
  ];
}

function stateOf({ inUseBy, pausedSince, isFormer }: RunSummary): string {
  if (pausedSince !== null) return 'paused';
  if (inUseBy !== null) return 'in use';
  return isFormer ? 'replay only (version 0.1)' : 'idle';
}
