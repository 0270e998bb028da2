import { publishedResults } from '../benchmark/published-results.ts';
import { compareEvaluations } from '../evaluation/compare-evaluations.ts';
import { markdownTable, markdownText } from '../internal/markdown.ts';
import type { PairedEstimate } from '../metrics/index.ts';
import type { PersonaPool } from '../personas/persona-pool.ts';
import type { PreferenceManifest } from '../preferences/manifest.ts';
import { formatDifference, formatPValues, formatRange } from '../report/format-numbers.ts';
import { paperTable } from '../report/tables/paper-table.ts';
import type { ResultRow } from '../report/tables/result-row.ts';
import { describeRowAbilities, type RowAbilities } from './abilities.ts';
import { paperConfig } from './paper-config.ts';
import type { Reproduction } from './reproduction.ts';

/** What a reproduction was made from. */
export interface ReproductionFacts {
  readonly pool: PersonaPool;
  /** Turns of the longest conversation. */
  readonly turns: number;
  readonly manifest: PreferenceManifest;
  /** General ability of each row. Empty if it was not measured. */
  readonly abilities: readonly RowAbilities[];
}

/** One of the paper's sizes, and what it was here. */
interface Size {
  readonly what: string;
  readonly paper: number;
  readonly here: number;
}

/** The rows whose differences a table is about, second minus first. */
const COMPARED: readonly (readonly [first: string, second: string])[] = [
  ['Base', 'SFT-Preferred'],
  ['Base', 'Ours'],
  ['SFT-Preferred', 'Ours'],
  ['SFT-Rejected', 'SFT-Preferred'],
  ['Preferred', 'Mixture'],
  ['CodeActInstruct', 'Mixture'],
];

/**
 * A reproduced table as Markdown: how far it is from the paper, the table with confidence intervals, and the differences
 * between its rows. A heading and the first sentence say if any size is smaller than the paper's.
 */
export function describeReproduction(
  reproduction: Reproduction,
  rows: readonly ResultRow[],
  facts: ReproductionFacts,
): string {
  const { plan } = reproduction;
  const sizes = sizesOf(rows, facts);
  const smaller = sizes.filter(({ paper, here }) => here < paper);
  const scale = smaller.length === 0 ? "at the paper's sizes" : 'on a smaller scale';
  const published = publishedResults.filter(({ model, type }) =>
    rows.some((row) => row.model === model && row.type === type),
  );
  const table = paperTable(rows, {
    typeHeading: plan.typeHeading,
    ...(published.length > 0 && { published }),
  });
  return [
    `# ${plan.title}, reproduced ${scale}`,
    warnSmaller(smaller),
    markdownTable(['', 'Paper', 'Here'], [...sizeRows(sizes), ...settingRows(reproduction, rows, facts)], 3),
    table.trimEnd(),
    describeDifferences(reproduction, rows),
    describeRowAbilities(facts.abilities),
  ]
    .filter((part) => part !== '')
    .map((part) => `${part}\n`)
    .join('\n');
}

function sizesOf(rows: readonly ResultRow[], { pool, turns, manifest }: ReproductionFacts): readonly Size[] {
  const { personas = {}, conversations = {}, evaluation = {} } = paperConfig();
  const { cases, turns: caseTurns } = rows[0]!.result.lock;
  return [
    { what: 'profiles', paper: personas.profiles!, here: pool.size.profiles },
    { what: 'personalities', paper: personas.personalities!, here: pool.size.personalities },
    { what: 'conversations', paper: conversations.personas!, here: manifest.source.conversations },
    { what: 'turns of a conversation', paper: conversations.turns!, here: turns },
    { what: 'cases', paper: Number(evaluation.cases), here: cases.count },
    { what: 'turns of a case', paper: evaluation.turns!, here: caseTurns },
  ];
}

function warnSmaller(smaller: readonly Size[]): string {
  if (smaller.length === 0) return '';
  const parts = smaller.map(({ what, paper, here }) => `${whole(here)} of ${whole(paper)} ${what}`);
  return `**This is not a result of the paper's size:** it has ${parts.join(', ')}. It shows that everything works, and little about the method.`;
}

function sizeRows(sizes: readonly Size[]): readonly string[][] {
  return sizes.map(({ what, paper, here }) => [what, whole(paper), whole(here)]);
}

/** What is not a number: models, training, general chat. */
function settingRows(
  { bases, recipe }: Reproduction,
  rows: readonly ResultRow[],
  { manifest }: ReproductionFacts,
): readonly string[][] {
  const { user, judge } = rows[0]!.result.lock;
  const { models } = manifest.source;
  const names = (role: string) => markdownText((models[role] ?? []).join(', '));
  const pairs = manifest.files.find(({ name }) => name === 'trl-dpo.train.jsonl')?.rows ?? 0;
  const weights = (recipe.preset ?? 'lora') === 'paper' ? 'all' : 'adapters';
  return [
    [
      'base models',
      'Qwen2, Llama-3, Mistral, OLMo: 7B and 8B',
      bases.map(({ id }) => markdownText(id)).join(', '),
    ],
    ['role-player', 'GPT-4o', names('rolePlayer')],
    ['preferred, rejected', 'GPT-4o', [names('preferred'), names('rejected')].join('; ')],
    ['pairs for DPO', 'not published', whole(pairs)],
    ['general chat rows', 'CodeActInstruct', whole(manifest.mix?.rows ?? 0)],
    ['trained weights', 'all', weights],
    ['users of the evaluation', 'GPT-4o', markdownText(user.model)],
    ['judge', 'GPT-4o', markdownText(judge.id)],
  ];
}

function whole(count: number): string {
  return count.toLocaleString('en');
}

/** Paired differences between the rows of each base model, with intervals. */
function describeDifferences({ bases }: Reproduction, rows: readonly ResultRow[]): string {
  const compared = bases.flatMap(({ name }) =>
    COMPARED.flatMap(([first, second]) => {
      const find = (type: string) => rows.find((row) => row.model === name && row.type === type)?.result;
      const [one, other] = [find(first), find(second)];
      if (one === undefined || other === undefined) return [];
      const { improvementRate, ...average } = compareEvaluations(one, other);
      return [[markdownText(name), `${second} - ${first}`, cell(average, 2), cell(improvementRate, 3)]];
    }),
  );
  const header = ['Model', 'Difference', 'Average [CI]', 'IR [CI]'];
  return compared.length === 0 ? '' : markdownTable(header, compared, 2);
}

function cell(estimate: PairedEstimate, places: number): string {
  const { difference, interval } = estimate;
  const range = formatRange(interval, places);
  return `${formatDifference(difference, places)}${range === '' ? '' : ` ${range}`} (${formatPValues(estimate)})`;
}
