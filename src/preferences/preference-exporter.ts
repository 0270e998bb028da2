import type { ConversationTree } from '../conversations/conversation-tree.ts';
import { untilAborted } from '../internal/until-aborted.ts';
import { balanceLengths } from './balance-lengths.ts';
import { CARD_FILE, checkNoForeignCard, datasetCard } from './dataset-card.ts';
import { describeExport } from './describe-export.ts';
import { engineFiles } from './engine-files.ts';
import {
  type CheckedExporterOptions,
  checkDestination,
  checkExporterOptions,
  type PreferenceExporterOptions,
} from './exporter-options.ts';
import { type GeneralChat, openGeneralChat } from './general-chat.ts';
import type { PreferenceManifest } from './manifest.ts';
import { type CompanionSummary, type Outputs, openOutputs } from './outputs.ts';
import { RecordWriter } from './record-writer.ts';
import { createRecordSelector } from './select-records.ts';

/**
 * Turns conversations into training files: one record for each decision point, in every format asked for, split
 * by profile into train and validation. Rows are written as conversations arrive; what grows with their number
 * is a short hash for each record.
 */
export class PreferenceExporter {
  readonly #options: CheckedExporterOptions;

  /** @throws InvalidOptionError when an option is wrong. */
  constructor(options: PreferenceExporterOptions) {
    this.#options = checkExporterOptions(options);
  }

  /**
   * Writes `<format>.train.jsonl`, `<format>.validation.jsonl` (or `.parquet`), `preferences.jsonl` with every record
   * and what became of it, the engines' configuration files, `README.md` (a dataset card), and `manifest.json`. A data
   * file without rows is not written, and one of that name from before is removed. The files appear when all are
   * complete; on failure or abort those from before stay as they were. Equal conversations in equal order give files
   * equal to the byte.
   *
   * @param trees What a `ConversationTreeBuilder` yields, or trees read from a file.
   * @param dir Is made when it is not there.
   * @returns What `manifest.json` holds.
   * @throws InvalidOptionError when the directory cannot be written to, or has a `README.md` that is no dataset card of
   * an export; InvalidFileError when there is nothing to mix in at `mix.path`: both before the first tree is asked for.
   * @throws What `trees` throws; on abort, the signal's reason.
   */
  async write(
    trees: Iterable<ConversationTree> | AsyncIterable<ConversationTree>,
    dir: string,
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<PreferenceManifest> {
    const { mix, seed, card, formats } = this.#options;
    checkDestination(trees, dir);
    signal?.throwIfAborted();
    if (card !== false) await checkNoForeignCard(dir);
    const generalChat = mix === null ? null : await openGeneralChat(mix, { seed, signal });
    try {
      const outputs = await openOutputs(dir, RecordWriter.files(formats));
      try {
        return await this.#export(untilAborted(trees, signal), { dir, outputs, generalChat });
      } catch (error) {
        await outputs.discard();
        throw error;
      }
    } finally {
      await generalChat?.close();
    }
  }

  async #export(
    trees: AsyncIterable<ConversationTree>,
    { dir, outputs, generalChat }: { dir: string; outputs: Outputs; generalChat: GeneralChat | null },
  ): Promise<PreferenceManifest> {
    const { balanceLength, card, formats, seed } = this.#options;
    const selector = createRecordSelector(this.#options);
    const writer = new RecordWriter(this.#options, outputs, generalChat);
    const selected = selector.select(trees);
    for await (const record of balanceLength ? balanceLengths(selected, { seed, dir }) : selected) {
      await writer.add(record);
    }
    const files = await outputs.seal();
    const written = new Set(files.map(({ name }) => name));
    const companions: CompanionSummary[] = [];
    for (const [name, text] of await engineFiles(formats, written)) {
      companions.push(await outputs.addCompanion(name, text));
    }
    const described = describeExport(this.#options, {
      ...selector.result(),
      mix: generalChat?.summary() ?? null,
      formats: writer.result(),
      files,
    });
    if (card !== false) {
      const text = await datasetCard(described, formats, card);
      companions.push(await outputs.addCompanion(CARD_FILE, text));
    }
    const manifest: PreferenceManifest = { ...described, companions };
    await outputs.commit(manifest);
    return manifest;
  }
}
