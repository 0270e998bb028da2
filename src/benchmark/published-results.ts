/** One row of the paper's Table 1 or Table 2, as printed. */
export interface PublishedResult {
  /** Number of the table in the paper. */
  readonly table: 1 | 2;
  /** The base model, as the paper names it. */
  readonly model: string;
  /** Column "Type" of Table 1 (`Base`, `Ours`, `SFT-Preferred`, `SFT-Rejected`) or "Data Type" of Table 2. */
  readonly type: string;
  /** AL(k), k = 1 to 10, on the scale of 1 to 5. */
  readonly levels: readonly number[];
  /** Mean of AL(k). */
  readonly average: number;
  /** IR, in points per turn. */
  readonly improvementRate: number;
  /** N-IR, on a scale of 0 to 1 per turn. */
  readonly normalizedImprovementRate: number;
  /** R2 of the line behind IR. */
  readonly r2: number;
  /** N-R2. It differs from R2 by rounding only. */
  readonly normalizedR2: number;
}

/** Where {@link publishedResults} come from, and how they were measured. */
export const publishedSource: {
  readonly title: string;
  readonly url: string;
  readonly measured: string;
} = {
  title: 'Wu et al. 2024, "Aligning LLMs with Individual Preferences via Interaction"',
  url: 'https://arxiv.org/abs/2410.03642',
  measured:
    '100 cases of the authors, 10 turns. The paper names GPT-4o as user and judge; the released code uses gpt-4o-mini-2024-07-18.',
};

/**
 * The results that the paper prints: the 16 rows of Table 1 and the 3 of Table 2, in its order. In the first row, AL(4) is
 * 3.10: the source lost this value, and 3.10 agrees with the row's average, IR and R2.
 *
 * @example
 * ```ts
 * import { publishedResults } from 'aloe-align/benchmark';
 *
 * publishedResults.filter(({ table, type }) => table === 1 && type === 'Ours');
 * ```
 */
export const publishedResults: readonly PublishedResult[] = [
  row(
    1,
    'Qwen2-7B-Instruct',
    'Base',
    '2.87 2.94 2.88 3.10 3.65 4.13 4.50 4.65 4.63 4.70 | 3.81 | 0.254 0.138 0.917 0.918',
  ),
  row(
    1,
    'Qwen2-7B-Instruct',
    'Ours',
    '4.05 4.26 4.66 4.86 4.93 4.95 4.95 4.98 4.98 4.98 | 4.76 | 0.093 0.099 0.695 0.693',
  ),
  row(
    1,
    'Qwen2-7B-Instruct',
    'SFT-Preferred',
    '4.12 4.18 4.38 4.52 4.53 4.56 4.81 4.90 4.86 4.83 | 4.57 | 0.089 0.114 0.912 0.914',
  ),
  row(
    1,
    'Qwen2-7B-Instruct',
    'SFT-Rejected',
    '3.80 3.82 4.04 4.11 4.16 4.25 4.43 4.46 4.14 4.35 | 4.16 | 0.063 0.095 0.690 0.692',
  ),
  row(
    1,
    'Llama-3-8B-Instruct',
    'Base',
    '3.38 3.35 3.40 3.48 3.45 3.48 3.41 3.45 3.35 3.46 | 3.42 | 0.005 0.037 0.084 0.086',
  ),
  row(
    1,
    'Llama-3-8B-Instruct',
    'Ours',
    '4.06 4.14 4.17 4.15 4.17 4.19 4.22 4.23 4.20 4.29 | 4.18 | 0.018 0.080 0.819 0.812',
  ),
  row(
    1,
    'Llama-3-8B-Instruct',
    'SFT-Preferred',
    '4.21 4.10 4.07 4.19 4.07 4.21 4.18 4.22 4.14 4.22 | 4.16 | 0.007 0.050 0.136 0.138',
  ),
  row(
    1,
    'Llama-3-8B-Instruct',
    'SFT-Rejected',
    '3.80 3.72 3.63 3.94 3.65 3.66 3.73 3.99 3.93 3.94 | 3.80 | 0.024 0.066 0.266 0.266',
  ),
  row(
    1,
    'Mistral-7B-Instruct',
    'Base',
    '3.40 3.62 3.62 3.47 3.38 3.43 3.35 3.54 3.61 3.68 | 3.51 | 0.011 0.032 0.072 0.070',
  ),
  row(
    1,
    'Mistral-7B-Instruct',
    'Ours',
    '3.85 3.85 3.98 3.91 4.26 4.17 4.35 4.52 4.57 4.60 | 4.21 | 0.095 0.127 0.932 0.933',
  ),
  row(
    1,
    'Mistral-7B-Instruct',
    'SFT-Preferred',
    '3.64 3.69 3.75 3.75 3.88 3.89 3.85 4.03 3.93 4.08 | 3.85 | 0.045 0.102 0.890 0.888',
  ),
  row(
    1,
    'Mistral-7B-Instruct',
    'SFT-Rejected',
    '3.59 3.40 3.69 3.36 3.35 3.32 3.36 3.56 3.68 3.78 | 3.51 | 0.018 0.040 0.103 0.104',
  ),
  row(
    1,
    'OLMo-7B-0724-Instruct',
    'Base',
    '2.55 2.69 2.99 3.26 3.17 3.07 2.82 2.80 2.74 2.82 | 2.89 | 0.002 0.003 0.001 0.001',
  ),
  row(
    1,
    'OLMo-7B-0724-Instruct',
    'Ours',
    '4.23 4.14 4.38 4.64 4.84 4.83 4.85 4.85 4.86 4.88 | 4.65 | 0.084 0.114 0.771 0.768',
  ),
  row(
    1,
    'OLMo-7B-0724-Instruct',
    'SFT-Preferred',
    '3.51 3.19 3.27 3.80 3.61 3.39 4.00 3.90 4.08 4.15 | 3.69 | 0.094 0.098 0.681 0.683',
  ),
  row(
    1,
    'OLMo-7B-0724-Instruct',
    'SFT-Rejected',
    '3.26 3.16 3.12 3.11 3.26 3.23 3.06 3.11 3.97 3.79 | 3.31 | 0.062 0.068 0.360 0.357',
  ),
  row(
    2,
    'Qwen2-7B-Instruct',
    'Mixture',
    '4.12 4.18 4.38 4.52 4.53 4.56 4.81 4.90 4.86 4.83 | 4.57 | 0.089 0.114 0.912 0.914',
  ),
  row(
    2,
    'Qwen2-7B-Instruct',
    'CodeActInstruct',
    '2.63 2.60 2.61 2.79 3.15 3.62 3.98 4.12 4.20 4.27 | 3.40 | 0.228 0.136 0.931 0.931',
  ),
  row(
    2,
    'Qwen2-7B-Instruct',
    'Preferred',
    '3.85 4.00 4.11 4.24 4.31 4.57 4.60 4.66 4.67 4.66 | 4.37 | 0.097 0.119 0.925 0.925',
  ),
];

/** `numbers` as in the paper: AL(1) to AL(10) | average | IR, N-IR, R2, N-R2. */
function row(table: 1 | 2, model: string, type: string, numbers: string): PublishedResult {
  const [levels = [], [average] = [], rates = []] = numbers
    .split(' | ')
    .map((part) => part.split(' ').map(Number));
  const [improvementRate, normalizedImprovementRate, r2, normalizedR2] = rates;
  return {
    table,
    model,
    type,
    levels,
    average: average!,
    improvementRate: improvementRate!,
    normalizedImprovementRate: normalizedImprovementRate!,
    r2: r2!,
    normalizedR2: normalizedR2!,
  };
}
