import type { ConversationTree } from '../conversations/conversation-tree.ts';
import { untilAborted } from '../internal/until-aborted.ts';
import {
  type CheckedOptions,
  checkDestination,
  checkOptions,
  type PreferenceExporterOptions,
} from './exporter-options.ts';
import type { PreferenceManifest } from './manifest.ts';
import { openOutputs } from './outputs.ts';
import { RecordWriter } from './record-writer.ts';

/**
 * Turns conversations into training files: one record for each decision point, in every format asked for, split
 * by profile into train and validation. Rows are written as conversations arrive; what grows with their number
 * is a short hash for each record.
 */
export class PreferenceExporter {
  readonly #options: CheckedOptions;

  /** @throws InvalidOptionError when an option is wrong. */
  constructor(options: PreferenceExporterOptions) {
    this.#options = checkOptions(options);
  }

  /**
   * Writes `<format>.train.jsonl`, `<format>.validation.jsonl`, `preferences.jsonl` with every record and what
   * became of it, and `manifest.json`. A file without rows is not written, and one of that name from before is
   * removed. The files appear when all are complete; on failure or abort those from before stay as they were.
   * Equal conversations in equal order give files equal to the byte.
   *
   * @param trees What a `ConversationTreeBuilder` yields, or trees read from a file.
   * @param dir Is made when it is not there.
   * @returns What `manifest.json` holds.
   * @throws InvalidOptionError when the directory cannot be written to, before the first tree is asked for.
   * @throws What `trees` throws; on abort, the signal's reason.
   */
  async write(
    trees: Iterable<ConversationTree> | AsyncIterable<ConversationTree>,
    dir: string,
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<PreferenceManifest> {
    checkDestination(trees, dir);
    signal?.throwIfAborted();
    const outputs = await openOutputs(dir, RecordWriter.fileNames(this.#options.formats));
    try {
      const writer = new RecordWriter(this.#options, outputs);
      for await (const tree of untilAborted(trees, signal)) await writer.add(tree);
      return await outputs.commit((files) => writer.manifest(files));
    } catch (error) {
      await outputs.discard();
      throw error;
    }
  }
}
