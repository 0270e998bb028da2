import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readConversations } from '../../conversations/conversation-files.ts';
import { InvalidOptionError } from '../../errors.ts';
import { filesDir } from '../../pipeline/files-dir.ts';
import { pipelineFiles } from '../../pipeline/pipeline-files.ts';
import { exportPreferences } from '../../pipeline/simulate.ts';
import type { PreferenceManifest } from '../../preferences/manifest.ts';
import { describeQuality } from '../../preferences/quality.ts';
import { checkWritable } from '../check-writable.ts';
import { EXIT } from '../exit-status.ts';
import { printError } from '../terminal.ts';
import { defineVerb, type Verb } from '../verb.ts';
import { configFlags } from './config-flags.ts';
import { readStudyConfig, studyFlags } from './study.ts';

const SECTIONS = ['export'] as const;

export const exportCommand: Verb = defineVerb({
  args: {
    ...studyFlags(SECTIONS),
    conversations: {
      type: 'string',
      valueHint: 'FILE',
      description: 'Conversations to export (default: those of the run).',
    },
    out: {
      type: 'string',
      valueHint: 'DIR',
      description: 'Directory of the files (default: data in the run).',
    },
  },
  examples: [
    { words: 'export --formats trl-sft,trl-dpo', what: 'Training files for TRL, into runs/aloe/data.' },
    {
      words:
        'export --conversations mine.jsonl --out data --formats openai-preference --validation-share 0.2',
      what: 'From a file of your own.',
    },
  ],
  failed: 'Failed, or there are no pairs to export.',
  interrupted: 'Interrupted. Earlier files are unchanged.',
  async run({ args, signal }) {
    const { config } = await readStudyConfig(configFlags(SECTIONS), args);
    const files = pipelineFiles(filesDir(config));
    const path = args.conversations ?? files.conversations;
    const dir = args.out ?? files.data;
    if (args.conversations === undefined && !existsSync(path)) {
      throw new InvalidOptionError(`${files.dir} has no conversations yet.`, {
        hint: 'Run `aloe simulate` first, or name a file with --conversations FILE.',
      });
    }
    await checkWritable(args.out === undefined ? 'run' : 'out', join(dir, 'manifest.json')).catch((error) => {
      if (args.out !== undefined) throw error;
      throw new InvalidOptionError(`${dir} cannot be written to.`, {
        hint: 'Name another directory with --out DIR.',
        cause: error,
      });
    });
    const manifest = await exportPreferences(
      { config, signal, files: { ...files, data: dir } },
      readConversations(path),
    );
    const earlier = await earlierFiles(dir, manifest);
    if (earlier.length > 0) {
      printError(`Note: ${dir} has training files of an earlier export, which stay: ${earlier.join(', ')}.`);
    }
    const isEmpty = manifest.formats.every(({ rows }) => rows.train + rows.validation === 0);
    return {
      text: describeManifest(manifest, dir),
      json: { dir, manifest },
      status: isEmpty ? EXIT.failed : EXIT.done,
    };
  },
});

const TRAINING_FILE =
  /^(?:trl|openai|axolotl|llama-factory)-[a-z-]+\.(?:train|validation)\.(?:jsonl|parquet)$/;

/** Training files that this export has not written: of another format, with other options and another split. */
async function earlierFiles(dir: string, { files }: PreferenceManifest): Promise<string[]> {
  const names = await readdir(dir);
  return names
    .filter((found) => TRAINING_FILE.test(found) && !files.some(({ name }) => name === found))
    .sort();
}

/** Files with their rows, what was left out, and warnings. */
export function describeManifest({ files, quality, warnings }: PreferenceManifest, dir: string): string {
  const dropped = quality?.kinds.some(({ dropped }) => dropped.length > 0);
  return [
    ...files.map(({ name, rows }) => `${join(dir, name)}: ${rows} rows`),
    ...(quality && dropped ? ['', describeQuality(quality), ''] : []),
    ...warnings.map((warning) => `Warning: ${warning}`),
  ].join('\n');
}
