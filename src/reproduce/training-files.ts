import { join } from 'node:path';
import { readConversations } from '../conversations/conversation-files.ts';
import { trlDpo } from '../preferences/formats/trl-dpo.ts';
import { trlSft } from '../preferences/formats/trl-sft.ts';
import type { PreferenceManifest } from '../preferences/manifest.ts';
import { PreferenceExporter } from '../preferences/preference-exporter.ts';
import type { Reproduction } from './reproduction.ts';

/** Writes the training files of both tables in one export, so that their rows differ in nothing but their data. */
export function exportTrainingFiles({ pipeline, options }: Reproduction): Promise<PreferenceManifest> {
  const { config, files, signal } = pipeline;
  const { formats: _formats, chatTemplateKwargs, ...settings } = config.export ?? {};
  const mix = options.generalChat;
  const trl = { chatTemplateKwargs };
  const formats = [
    trlSft(trl),
    trlSft({ ...trl, responses: 'rejected' }),
    trlDpo(trl),
    ...(mix === undefined
      ? []
      : [trlSft({ ...trl, generalChat: 'only' }), trlSft({ ...trl, generalChat: 'none' })]),
  ];
  const exporter = new PreferenceExporter({ ...settings, seed: config.seed, mix, formats });
  return exporter.write(readConversations(files.conversations), files.data, { signal });
}

/** The training file of a format. */
export function trainingFile({ files }: Reproduction['pipeline'], format: string): string {
  return join(files.data, `${format}.train.jsonl`);
}
