/**
 * The tables of Zhao et al. 2025, "Teaching Language Models to Evolve with Users" (arXiv 2505.15456), which report these
 * metrics on two benchmarks of 74 cases.
 */
export interface RlpaRow {
  readonly model: string;
  /** AL(1..10), in percent. */
  readonly levels: readonly number[];
  readonly average: number;
  readonly nIr: number;
  readonly nR2: number;
}

// Model and method | AL(1..10) | average | N-IR, N-R2.

/** Table 4 and, at its end, the ablations of Table 2. */
export const VANILLA: readonly RlpaRow[] = parse(`
GPT-4o-mini, Self-Critic | 8.11 40.54 82.43 90.54 89.19 91.89 91.89 86.49 85.14 91.89 | 75.81 | 0.079 0.5
GPT-4o, Self-Critic | 13.51 40.54 85.14 91.89 89.19 89.19 89.19 82.43 87.84 77.03 | 74.59 | 0.068 0.38
Claude-3.5-Sonnet, Self-Critic | 0 27.03 41.89 67.57 86.49 89.19 95.95 95.95 94.59 93.24 | 69.19 | 0.105 0.792
Claude-3.5-Haiku, Self-Critic | 2.7 22.97 56.76 74.32 79.73 78.38 64.86 77.03 71.62 63.51 | 59.19 | 0.075 0.461
DeepSeek-V3, Self-Critic | 9.46 29.73 62.16 62.16 56.76 64.86 60.81 62.16 52.7 47.3 | 50.81 | 0.055 0.268
Qwen2.5-3B-Instruct, Base | 0 18.92 10.81 9.46 9.46 1.35 9.46 9.46 6.76 4.05 | 7.97 | -0.02 0.047
Qwen2.5-3B-Instruct, Reminder | 0 4.05 36.49 29.73 28.38 16.22 18.92 14.86 9.46 12.16 | 17.03 | -0.001 0
Qwen2.5-3B-Instruct, Self-Critic | 6.76 13.51 56.76 70.27 77.03 75.68 63.51 58.11 52.7 50 | 52.43 | 0.056 0.243
Qwen2.5-3B-Instruct, CoT | 1.35 14.86 39.19 48.65 33.78 27.03 24.32 17.57 18.92 18.92 | 24.46 | 0 0
Qwen2.5-3B-Instruct, RAG(Top-5) | 8.11 12.16 40.54 44.59 51.35 36.49 32.43 20.27 22.97 17.57 | 28.65 | 0.001 0
Qwen2.5-3B-Instruct, SFT | 2.7 24.32 41.89 40.54 59.46 56.76 54.05 54.05 54.05 55.41 | 44.32 | 0.083 0.628
Qwen2.5-3B-Instruct, DPO | 6.76 14.86 54.05 55.41 70.27 70.27 60.81 58.11 55.41 52.7 | 45.27 | 0.07 0.389
Qwen2.5-3B-Instruct, RLPA | 62.16 68.92 70.27 74.32 72.97 74.32 75.68 78.38 77.03 79.73 | 73.38 | 0.09 0.855
RLPA, profile reward alone | 41.89 33.78 50 51.35 51.35 44.59 47.3 47.3 50 37.84 | 45.54 | 0.015 0.019
RLPA, response reward alone | 58.92 63.92 60.27 67.03 60.27 72.97 64.32 73.78 71.08 69.32 | 66.19 | 0.088 0.524
`);

/** Table 5. */
export const EXTENDED: readonly RlpaRow[] = parse(`
GPT-4o-mini, Self-Critic | 1.37 21.92 52.05 58.9 73.97 67.12 68.49 60.27 58.9 49.32 | 51.23 | 0.02 0.037
GPT-4o, Self-Critic | 1.37 21.92 56.16 69.86 75.34 75.34 63.01 61.64 63.01 58.9 | 54.66 | 0.027 0.07
Claude-3.5-Sonnet, Self-Critic | 0 2.74 12.33 27.4 47.95 52.05 49.32 53.42 54.79 56.16 | 35.62 | 0.054 0.266
Claude-3.5-Haiku, Self-Critic | 0 17.81 28.77 39.73 45.21 41.1 46.58 43.84 41.1 45.21 | 34.93 | 0.046 0.2
DeepSeek-V3, Self-Critic | 2.74 8.22 34.25 52.05 54.79 49.32 52.05 50.68 45.21 45.21 | 39.45 | 0.033 0.106
Qwen2.5-3B-Instruct, Base | 0 4.11 1.37 4.11 2.74 0 4.11 0 1.37 0 | 1.78 | -0.042 0.083
Qwen2.5-3B-Instruct, Reminder | 0 2.74 6.85 10.96 16.44 6.85 8.22 8.22 6.85 5.48 | 7.26 | -0.034 0.084
Qwen2.5-3B-Instruct, Self-Critic | 0 5.48 34.25 35.62 34.25 36.99 31.51 23.29 36.99 24.66 | 26.3 | 0.023 0.046
Qwen2.5-3B-Instruct, CoT | 0 1.37 17.81 20.55 30.14 9.59 9.59 15.07 9.59 6.85 | 12.05 | -0.048 0.139
Qwen2.5-3B-Instruct, RAG(Top-5) | 4.11 4.11 13.7 23.29 23.29 17.81 10.96 10.96 5.48 2.74 | 11.64 | -0.03 0.042
Qwen2.5-3B-Instruct, SFT | 2.74 2.74 19.18 39.73 34.25 35.62 31.51 21.92 26.03 30.14 | 24.38 | 0.049 0.159
Qwen2.5-3B-Instruct, DPO | 1.37 4.11 26.03 34.25 53.42 38.36 35.62 31.51 24.66 23.29 | 27.26 | -0.021 0.037
Qwen2.5-3B-Instruct, RLPA | 49.32 45.21 46.58 49.32 52.05 52.05 53.42 58.9 53.42 67.12 | 52.74 | 0.1 0.498
`);

function parse(table: string): RlpaRow[] {
  return table
    .trim()
    .split('\n')
    .map((line) => {
      const [model, ...columns] = line.split(' | ');
      const [levels, [average], [nIr, nR2]] = columns.map((column) => column.split(' ').map(Number)) as [
        number[],
        [number],
        [number, number],
      ];
      return { model: model!, levels, average, nIr, nR2 };
    });
}
