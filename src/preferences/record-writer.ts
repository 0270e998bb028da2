import { type ConversationTree, decisionPoints } from '../conversations/conversation-tree.ts';
import { VERSION } from '../internal/version.ts';
import type { CheckedOptions } from './exporter-options.ts';
import type { FormatSummary, PreferenceManifest } from './manifest.ts';
import type { Outputs } from './outputs.ts';
import type { ExportedRecord } from './preference-file.ts';
import type { PreferenceFormat } from './preference-format.ts';
import type { PreferenceRecord } from './preference-record.ts';
import { preferenceRecord } from './records.ts';
import type { FileSummary } from './row-file.ts';
import { createSelection, type Selection } from './selection.ts';
import { SPLITS, type Split, splitOf } from './split.ts';
import { KindTally, SourceTally } from './tally.ts';

type Kind = PreferenceFormat['kind'];

const KINDS: readonly Kind[] = ['pair', 'demonstration'];

const RECORDS_FILE = 'preferences.jsonl';

/** Writes the records of one export, conversation by conversation, and counts what it does. */
export class RecordWriter {
  readonly #options: CheckedOptions;
  readonly #outputs: Outputs;
  readonly #source = new SourceTally();
  readonly #selections: Record<Kind, Selection>;
  readonly #tallies: Record<Kind, KindTally>;
  readonly #rows: Map<PreferenceFormat, Record<Split, number>>;

  constructor(options: CheckedOptions, outputs: Outputs) {
    this.#options = options;
    this.#outputs = outputs;
    this.#selections = {
      pair: createSelection('pair', options),
      demonstration: createSelection('demonstration', options),
    };
    this.#tallies = { pair: new KindTally('pair'), demonstration: new KindTally('demonstration') };
    this.#rows = new Map(options.formats.map((format) => [format, { train: 0, validation: 0 }]));
  }

  /** Both splits at a share of 0 too: an opened file that stays empty takes its forerunner away. */
  static fileNames(formats: readonly PreferenceFormat[]): string[] {
    return [...formats.flatMap((format) => SPLITS.map((split) => fileName(format, split))), RECORDS_FILE];
  }

  async add(tree: ConversationTree): Promise<void> {
    const { formats, onEvent, seed, validation } = this.#options;
    const split = splitOf(tree.persona.profile.id, validation, seed);
    const candidates = Array.from(decisionPoints(tree), (point) => ({
      point,
      record: preferenceRecord(tree, point),
    }));
    const pair = this.#selections.pair(tree.id, candidates);
    const demonstration = this.#selections.demonstration(tree.id, candidates);

    for (const [index, { record }] of candidates.entries()) {
      const dropped = { pair: pair[index]!, demonstration: demonstration[index]! };
      await this.#outputs.write(RECORDS_FILE, { ...record, split, dropped } satisfies ExportedRecord);
      for (const kind of KINDS) {
        this.#tallies[kind].add(record, dropped[kind]);
        if (dropped[kind] !== null && formats.some((format) => format.kind === kind)) {
          onEvent({ type: 'record-dropped', kind, reason: dropped[kind], record });
        }
      }
      for (const format of formats) {
        if (dropped[format.kind] === null) await this.#writeRows(format, split, record);
      }
    }
    this.#source.add(tree, split, candidates.length);
    onEvent({ type: 'conversation-end', conversationId: tree.id, split, decisionPoints: candidates.length });
  }

  async #writeRows(format: PreferenceFormat, split: Split, record: PreferenceRecord): Promise<void> {
    for (const row of format.rows(record)) {
      await this.#outputs.write(fileName(format, split), row);
      this.#rows.get(format)![split] += 1;
    }
  }

  manifest(files: readonly FileSummary[]): PreferenceManifest {
    const { validation, seed, minimumRevealed, keepTruncated, maxRecordsPerConversation } = this.#options;
    const formats = this.#options.formats.map(
      (format): FormatSummary => ({
        name: format.name,
        kind: format.kind,
        rows: this.#rows.get(format)!,
        ...this.#tallies[format.kind].result(),
      }),
    );
    return {
      schema: 'aloe-manifest/1',
      version: VERSION,
      options: {
        validation,
        seed,
        minimumRevealed,
        keepTruncated,
        maxRecordsPerConversation: Number.isFinite(maxRecordsPerConversation)
          ? maxRecordsPerConversation
          : null,
      },
      ...this.#source.result(),
      splitBy: 'profile',
      formats,
      files,
      warnings: formats.flatMap((format) => this.#warnings(format)),
    };
  }

  #warnings({ name, rows }: FormatSummary): string[] {
    const { validation } = this.#options;
    const warnings: string[] = [];
    if (rows.train === 0) warnings.push(`${name} has no training rows.`);
    if (rows.validation === 0 && validation > 0) {
      warnings.push(
        `${name} has no validation rows: with few profiles, a share of ${validation} can leave that side empty.`,
      );
    }
    return warnings;
  }
}

function fileName(format: PreferenceFormat, split: Split): string {
  return `${format.name}.${split}.jsonl`;
}
