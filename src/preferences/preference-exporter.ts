import type { ConversationTree } from '../conversations/conversation-tree.ts';
import { checkKnownOptions } from '../internal/option-checks.ts';
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
 * Turns conversations into training files: one record per decision point, in every requested format, split by profile
 * into train and validation. Rows are written as conversations arrive. Memory grows by one number per record and kind
 * of format.
 *
 * @example
 * ```ts
 * import { PreferenceExporter, readConversations, trlDpo, trlSft } from 'aloe-align';
 *
 * const exporter = new PreferenceExporter({ formats: [trlSft(), trlDpo()] });
 * const manifest = await exporter.write(readConversations('conversations.jsonl'), 'data/');
 * console.log(manifest.warnings);
 * ```
 */
export class PreferenceExporter {
  readonly #options: CheckedExporterOptions;

  /** @throws InvalidOptionError if an option is unknown or invalid. */
  constructor(options: PreferenceExporterOptions) {
    this.#options = checkExporterOptions(options);
  }

  /**
   * Exports conversations to a directory:
   * - `<format>.train.jsonl` and `<format>.validation.jsonl` (or `.parquet`) for each format;
   * - `preferences.jsonl`: every record, with its split and why it was left out, if it was;
   * - trainer configurations, for formats that have one;
   * - `README.md`, a dataset card, and `manifest.json`.
   *
   * A data file without rows is not written, and an existing one of that name is removed. All files appear together when
   * they are complete. On failure or abort, existing files stay unchanged. The same conversations in the same order give
   * identical bytes.
   *
   * @param trees What a `ConversationTreeBuilder` yields, or trees read from a file.
   * @param dir Created if it does not exist.
   * @returns The contents of `manifest.json`.
   * @throws InvalidOptionError if the directory is not writable, or has a `README.md` that no export wrote. Thrown before
   * the first tree is requested.
   * @throws InvalidFileError if `mix.path` has no usable conversation. Thrown before the first tree is requested.
   * @throws Whatever `trees` throws; on abort, the signal's reason.
   */
  async write(
    trees: Iterable<ConversationTree> | AsyncIterable<ConversationTree>,
    dir: string,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<PreferenceManifest> {
    checkKnownOptions<typeof options>('write()', options, { signal: true });
    const { signal } = options;
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
      verdicts: selector.verdicts(),
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
