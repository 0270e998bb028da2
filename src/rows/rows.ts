import type { ConversationTree } from '../conversations/conversation-tree.ts';
import { InvalidOptionError } from '../errors.ts';
import type { EvaluationResult } from '../evaluation/evaluation-result.ts';
import { checkChoice } from '../internal/options.ts';
import { type CaseRow, caseRows } from './case-rows.ts';
import { type PairRow, pairRows } from './pair-rows.ts';
import { type TurnRow, turnRows } from './turn-rows.ts';

/**
 * Results as flat rows for data frames, databases and spreadsheets: one per response (`turns`), one per simulation of a
 * case (`cases`), or one per decision point of conversations (`pairs`). Every row has every column; a missing value is
 * null.
 *
 * @example
 * ```ts
 * import { readConversations, readEvaluation } from 'aloe-align';
 * import { rows, toCsv } from 'aloe-align/rows';
 *
 * const results = await Promise.all(['base.json', 'tuned.json'].map(readEvaluation));
 * const turns = rows(results, 'turns'); // TurnRow[]
 * const pairs = rows(await Array.fromAsync(readConversations('conversations.jsonl')), 'pairs'); // PairRow[]
 * console.log(toCsv(turns), pairs.length);
 * ```
 *
 * @param of One result or several, from `evaluate`, `rejudge` or `readEvaluation`; for `pairs`, one conversation tree or
 * several.
 * @throws InvalidOptionError if `kind` is none of the three, or `of` is not what it needs.
 */
export function rows(of: EvaluationResult | Iterable<EvaluationResult>, kind: 'turns'): TurnRow[];
/** One row per simulation of a case. */
export function rows(of: EvaluationResult | Iterable<EvaluationResult>, kind: 'cases'): CaseRow[];
/** One row per decision point. */
export function rows(of: ConversationTree | Iterable<ConversationTree>, kind: 'pairs'): PairRow[];
export function rows(of: unknown, kind: 'turns' | 'cases' | 'pairs'): (TurnRow | CaseRow | PairRow)[] {
  checkChoice('kind', kind, ['turns', 'cases', 'pairs']);
  if (kind === 'pairs') return listOf(of, isTree, 'a conversation tree, or several').flatMap(pairRows);
  const results = listOf(of, isEvaluation, 'an evaluation from evaluate() or readEvaluation(), or several');
  return results.flatMap<TurnRow | CaseRow>(kind === 'turns' ? turnRows : caseRows);
}

function listOf<Item>(value: unknown, isItem: (value: unknown) => value is Item, expected: string): Item[] {
  const list: unknown[] =
    typeof value === 'object' && value !== null && Symbol.iterator in value
      ? [...(value as Iterable<unknown>)]
      : [value];
  if (list.every(isItem)) return list;
  const isStream = typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
  throw new InvalidOptionError('of', expected, value, {
    ...(isStream && { hint: 'Read the stream first: await Array.fromAsync(stream).' }),
  });
}

function isEvaluation(value: unknown): value is EvaluationResult {
  const { candidate, lock, cases } = (value ?? {}) as Partial<EvaluationResult>;
  return candidate !== undefined && lock !== undefined && Array.isArray(cases);
}

function isTree(value: unknown): value is ConversationTree {
  const { root, persona } = (value ?? {}) as Partial<ConversationTree>;
  return root !== undefined && persona !== undefined;
}
