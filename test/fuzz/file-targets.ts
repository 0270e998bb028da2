import { readFileSync } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { readRatingKey } from '../../src/agreement/rating-key.ts';
import { readRatings } from '../../src/agreement/ratings.ts';
import { ratingSheetCsv, readRatingsCsv } from '../../src/agreement/ratings-csv.ts';
import { sampleForRating } from '../../src/agreement/sample-for-rating.ts';
import { readConversations, saveConversations } from '../../src/conversations/conversation-files.ts';
import { readReleasedConversations } from '../../src/conversations/released-conversations.ts';
import { readEvaluation, saveEvaluation } from '../../src/evaluation/evaluation-file.ts';
import { PersonaPool } from '../../src/personas/persona-pool.ts';
import { readReleasedFile } from '../../src/personas/released-files.ts';
import { openGeneralChat } from '../../src/preferences/general-chat.ts';
import { readPreferenceRecords } from '../../src/preferences/preference-file.ts';
import { openRun } from '../../src/runs/run.ts';
import { readRecording, saveRecording } from '../../src/testing/recording.ts';
import { readFolderMetrics } from '../../src/training/folder/folder-metrics.ts';
import { folderOutcome } from '../../src/training/folder/folder-outcome.ts';
import { validateDataset } from '../../src/validation/validate-dataset.ts';
import { runSmallPipeline } from '../end-to-end/small-pipeline.ts';
import { anyAccepts, checkSame, type FuzzTarget, valueOrRefusal } from './target.ts';

const RECORDING = `${JSON.stringify({
  model: 'real',
  request: { messages: [{ role: 'user', content: 'a' }], temperature: 0 },
  response: {
    text: 'one',
    finishReason: 'stop',
    usage: { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1 },
  },
})}\n`;

const RELEASED = `${JSON.stringify({
  profile: 'She keeps bees. Lives near Lugo.',
  personality: 'Grumbles. Laughs at puns.',
  conversations: [
    {
      user: 'Hello',
      assistant: { preferred: 'Hi!', rejected: 'Good day.' },
      chosen: 'preferred',
      inferred_profile: 'She keeps bees.',
      inferred_personality: null,
    },
  ],
})}\n`;

const RATINGS = {
  schema: 'aloe-ratings/1',
  rater: 'Ann',
  ratings: [{ id: 'a-001', rating: 4, note: 'good' }],
};

const GENERAL = [
  {
    messages: [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Hello' },
    ],
  },
  {
    conversations: [
      { from: 'human', value: 'Hi' },
      { from: 'gpt', value: 'Hello' },
    ],
  },
];

const MANIFEST = {
  schema: 'aloe-job-folder/1',
  stages: [{ name: 'sft', training: 'sft/training' }],
  outputs: ['sft/model'],
};

/** Readers of files and directories, with inputs from a run of the whole pipeline. Works in `dir`. */
export async function fileTargets(dir: string): Promise<FuzzTarget[]> {
  const made = join(dir, 'made');
  await runSmallPipeline(made);
  const from = (name: string) => readFile(join(made, name));
  const evaluation = await readEvaluation(join(made, 'evaluation.json'));
  const { sheet, key } = sampleForRating([evaluation], { count: 4 });
  const again = join(dir, 'again');

  /** A reader of one file. What it accepts may be saved, and must then be read back as the same. */
  function file<Value>(
    path: string,
    inputs: readonly (Buffer | string | object)[],
    read: (path: string) => Promise<Value>,
    save?: (value: Value, path: string) => Promise<void>,
  ): FuzzTarget {
    return {
      name: path,
      inputs: inputs.map((input) =>
        Buffer.isBuffer(input)
          ? input
          : Buffer.from(typeof input === 'string' ? input : JSON.stringify(input)),
      ),
      read: async (input) => {
        const place = join(dir, `input-${path}`);
        await writeFile(place, input);
        const found = await valueOrRefusal(async () => ({ value: await read(place) }));
        if (found === undefined || save === undefined) return found !== undefined;
        const copy = `${again}${extname(path)}`;
        await save(found.value, copy);
        checkSame(path, found.value, await read(copy));
        return true;
      },
    };
  }

  const conversations = (path: string) => Array.fromAsync(readConversations(path));
  const rows = GENERAL.map((row) => `${JSON.stringify(row)}\n`).join('');
  return [
    file('conversations.jsonl', [await from('conversations.jsonl')], conversations, saveConversations),
    file('evaluation.json', [await from('evaluation.json')], readEvaluation, saveEvaluation),
    file('personas.json', [await from('personas.json')], PersonaPool.read, (pool, path) => pool.save(path)),
    file('recording.jsonl', [RECORDING], readRecording, saveRecording),
    file('preferences.jsonl', [await from('data/preferences.jsonl')], (path) =>
      Array.fromAsync(readPreferenceRecords(path)),
    ),
    file(
      'dataset.jsonl',
      [await from('data/trl-dpo.train.jsonl'), await from('data/trl-sft.train.jsonl')],
      (path) => validateDataset(path),
    ),
    file('dataset.parquet', [await from('data/trl-dpo-parquet.train.parquet')], (path) =>
      validateDataset(path),
    ),
    file('general.jsonl', [rows], async (path) => {
      const chat = await openGeneralChat({ path, ratio: 1 }, { seed: 7 });
      try {
        await Array.fromAsync(chat.draw(3));
      } finally {
        await chat.close();
      }
    }),
    file('released-conversations.jsonl', [RELEASED], (path) =>
      Array.fromAsync(readReleasedConversations(path)),
    ),
    file('released.jsonl', ['"She is 34. Has a son."\n"He \\"fixes\\" cars."\n'], readReleasedFile),
    file('ratings.json', [RATINGS], readRatings),
    file('key.json', [{ ...key }], readRatingKey),
    file(
      'ratings.csv',
      [ratingSheetCsv(sheet), `id;rating;note\n${sheet.items[0]!.id};4,0;"a ""b""\nc"\n`],
      (path) => readRatingsCsv(path),
    ),
    runDirectory('run.json', made, dir),
    runDirectory('journal.sqlite', made, dir),
    jobDirectory(dir),
  ];
}

/** A run directory with one file replaced. */
function runDirectory(name: string, made: string, dir: string): FuzzTarget {
  const place = join(dir, `run-of-${name}`);
  return {
    name,
    inputs: [readFileSync(join(made, 'run', name))],
    read: async (input) => {
      await rm(place, { recursive: true, force: true });
      await cp(join(made, 'run'), place, { recursive: true });
      await writeFile(join(place, name), input);
      const run = await valueOrRefusal(() => openRun(place));
      await run?.close();
      return run !== undefined;
    },
  };
}

/** A job directory whose manifest, metrics and log hold the input. */
function jobDirectory(dir: string): FuzzTarget {
  const place = join(dir, 'job');
  const log = '\n== sft\nTraceback:\n[rank0]: torch.OutOfMemoryError: CUDA out of memory\n';
  const metrics = '{"loss": 0.5, "step": 1}\n{"loss": NaN, "step": 2}\n';
  return {
    name: 'job directory',
    inputs: [JSON.stringify(MANIFEST), log, metrics].map((text) => Buffer.from(text)),
    read: async (input) => {
      await mkdir(join(place, 'sft/training'), { recursive: true });
      await writeFile(join(place, 'exit_code'), '1\n');
      await writeFile(join(place, 'output.log'), input);
      await writeFile(join(place, 'sft/training/log_history.jsonl'), input);
      const manifests = [input, Buffer.from(JSON.stringify(MANIFEST))];
      const readings = manifests.flatMap((manifest) => [
        async () => {
          await writeFile(join(place, 'manifest.json'), manifest);
          await readFolderMetrics(place);
        },
        () => folderOutcome(place),
      ]);
      return anyAccepts(...readings);
    },
  };
}
