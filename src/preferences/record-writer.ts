import { dataFile } from './data-file.ts';
import type { CheckedExporterOptions } from './exporter-options.ts';
import type { GeneralChat } from './general-chat.ts';
import type { FormatSummary } from './manifest.ts';
import type { OutputSpec, Outputs } from './outputs.ts';
import { type ExportedRecord, RECORDS_FILE } from './preference-file.ts';
import { FORMAT_KINDS, isGeneralOnly, type PreferenceFormat, takesGeneralChat } from './preference-format.ts';
import { recordFor } from './records.ts';
import { SPLITS, type Split } from './split.ts';
import { KindTally } from './tally.ts';

type Kind = PreferenceFormat['kind'];

/** Writes records in every format, mixes in general chat data, and counts what was written. */
export class RecordWriter {
  readonly #options: CheckedExporterOptions;
  readonly #outputs: Outputs;
  readonly #generalChat: GeneralChat | null;
  readonly #tallies: Record<Kind, KindTally> = {
    pair: new KindTally('pair'),
    demonstration: new KindTally('demonstration'),
    'rejected-demonstration': new KindTally('rejected-demonstration'),
  };
  readonly #rows: Map<PreferenceFormat, Record<Split, number>>;
  /** Demonstrations in the training files so far, and how many general rows were requested for them. */
  readonly #mixed = { demonstrations: 0, asked: 0 };

  constructor(options: CheckedExporterOptions, outputs: Outputs, generalChat: GeneralChat | null) {
    this.#options = options;
    this.#outputs = outputs;
    this.#generalChat = generalChat;
    this.#rows = new Map(options.formats.map((format) => [format, { train: 0, validation: 0 }]));
  }

  /** Both splits, even at a validation share of 0: committing an empty file removes the one of an earlier export. */
  static files(formats: readonly PreferenceFormat[]): OutputSpec[] {
    return [
      ...formats.flatMap((format) =>
        SPLITS.map((split) => ({
          name: dataFile(format, split),
          columns: format.fileType === 'parquet' ? (format.columns ?? null) : null,
        })),
      ),
      { name: RECORDS_FILE, columns: null },
    ];
  }

  async add(record: ExportedRecord): Promise<void> {
    const { formats, onEvent } = this.#options;
    const { split, dropped } = record;
    await this.#outputs.write(RECORDS_FILE, record);
    for (const kind of FORMAT_KINDS) {
      const reason = dropped[kind];
      if (reason === undefined) continue;
      this.#tallies[kind].add(record, reason);
      if (reason !== null && formats.some((format) => format.kind === kind)) {
        onEvent({ type: 'record-dropped', kind, reason, record });
      }
    }
    for (const format of formats) {
      if (dropped[format.kind] !== null || isGeneralOnly(format)) continue;
      await this.#write(format, split, format.rows(recordFor(format.kind, record)));
    }
    if (split === 'train' && dropped.demonstration === null) await this.#mixIn();
  }

  /** Adds general rows right after each training row, so that every part of the file has the ratio. */
  async #mixIn(): Promise<void> {
    if (this.#generalChat === null) return;
    this.#mixed.demonstrations += 1;
    // The small constant makes up for rounding errors just below an integer.
    const due = Math.floor(this.#mixed.demonstrations * (this.#options.mix?.ratio ?? 0) + 1e-9);
    const asked = due - this.#mixed.asked;
    this.#mixed.asked = due;
    for await (const demonstration of this.#generalChat.draw(asked)) {
      for (const format of this.#options.formats) {
        if (takesGeneralChat(format)) {
          await this.#write(format, 'train', format.rows(demonstration));
        }
      }
    }
  }

  async #write(format: PreferenceFormat, split: Split, rows: readonly object[]): Promise<void> {
    for (const row of rows) {
      await this.#outputs.write(dataFile(format, split), row);
      this.#rows.get(format)![split] += 1;
    }
  }

  result(): FormatSummary[] {
    return this.#options.formats.map((format) => ({
      name: format.name,
      kind: format.kind,
      rows: this.#rows.get(format)!,
      ...(isGeneralOnly(format) ? new KindTally(format.kind) : this.#tallies[format.kind]).result(),
    }));
  }
}
