/** A table of the paper that can be reproduced. */
export type PaperTableName = 'table1' | 'table2';

/** A training of a table: the formats whose files it trains on. */
export interface PaperTraining {
  /** Names the job, after the base model: `preferred`. */
  readonly name: string;
  /** Format of the demonstrations. */
  readonly sft: string;
  /** Format of the pairs, for a DPO stage after SFT. Undefined: SFT only. */
  readonly dpo?: string | undefined;
}

/** One row of a table, for each base model. */
export interface PaperRow {
  /** As the paper names it: `Ours`. */
  readonly type: string;
  /** Null for the base model itself. `stage`: the stage whose model is evaluated. */
  readonly trained: { readonly training: PaperTraining; readonly stage: 'sft' | 'dpo' } | null;
}

/** What a table of the paper has in it. */
export interface PaperTablePlan {
  /** As people say it: `Table 1`. */
  readonly title: string;
  /** Heading of the column with the row's type. */
  readonly typeHeading: string;
  /** Whether its rows differ in the general chat data, so that it needs some. */
  readonly needsGeneralChat: boolean;
  /** In the paper's order. */
  readonly rows: readonly PaperRow[];
}

// Its first stage is SFT on preferred responses, so one job gives two rows.
const PREFERRED: PaperTraining = { name: 'preferred', sft: 'trl-sft', dpo: 'trl-dpo' };
const REJECTED: PaperTraining = { name: 'rejected', sft: 'trl-sft-rejected' };
const MIXTURE: PaperTraining = { name: 'mixture', sft: 'trl-sft' };
const GENERAL: PaperTraining = { name: 'general', sft: 'trl-sft-general' };
const UNMIXED: PaperTraining = { name: 'unmixed', sft: 'trl-sft-unmixed' };

/** The tables, with their rows. */
export const PAPER_TABLES: Readonly<Record<PaperTableName, PaperTablePlan>> = {
  table1: {
    title: 'Table 1',
    typeHeading: 'Type',
    needsGeneralChat: false,
    rows: [
      { type: 'Base', trained: null },
      { type: 'Ours', trained: { training: PREFERRED, stage: 'dpo' } },
      { type: 'SFT-Preferred', trained: { training: PREFERRED, stage: 'sft' } },
      { type: 'SFT-Rejected', trained: { training: REJECTED, stage: 'sft' } },
    ],
  },
  table2: {
    title: 'Table 2',
    typeHeading: 'Data Type',
    needsGeneralChat: true,
    rows: [
      { type: 'Mixture', trained: { training: MIXTURE, stage: 'sft' } },
      { type: 'CodeActInstruct', trained: { training: GENERAL, stage: 'sft' } },
      { type: 'Preferred', trained: { training: UNMIXED, stage: 'sft' } },
    ],
  },
};

/** The trainings of a table, each once. */
export function trainingsOf({ rows }: PaperTablePlan): readonly PaperTraining[] {
  return [...new Set(rows.flatMap(({ trained }) => trained?.training ?? []))];
}
