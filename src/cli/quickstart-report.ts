import { type ConversationTree, decisionPoints } from '../conversations/conversation-tree.ts';
import type { EvaluationResult } from '../evaluation/evaluation-result.ts';
import { resultsTable } from '../evaluation/results-table.ts';
import { describeGaps } from '../evaluation/score-gaps.ts';
import { duration } from '../internal/format.ts';
import type { PersonaPool } from '../personas/persona-pool.ts';
import { preferenceRecords } from '../preferences/records.ts';
import type { RunStats } from '../runs/events.ts';

export function describePool(pool: PersonaPool): string {
  const { profiles, personalities } = pool.size;
  const lines = [`  ${profiles} profiles and ${personalities} personalities`];
  for (const kind of ['profiles', 'personalities'] as const) {
    const outcome = pool.growth?.outcomes[kind];
    if (outcome === undefined) continue;
    const { generated: candidates, discarded: rejections, unusable, stopped } = outcome;
    lines.push(
      `  ${kind}: ${candidates} candidates, ${rejections.length} of them too similar, ${unusable.length} replies or parts unusable (end: ${stopped})`,
    );
  }
  return lines.join('\n');
}

export function describeConversation(tree: ConversationTree, turns: number): string {
  const played = [...decisionPoints(tree)].length;
  const why = tree.failures.map(
    ({ turn, role, message }) => ` Stopped at turn ${turn} (${role}): ${message}`,
  );
  return `  ${tree.id}: ${played} of ${turns} turns.${why.join('')}`;
}

export function describeResults(
  results: readonly EvaluationResult[],
  trees: readonly ConversationTree[],
  note: string,
): string {
  const gaps = results.flatMap((result) => {
    const lines = describeGaps(result);
    return lines.length === 0 ? [] : [`${result.candidate.name}:${lines.join('\n')}`];
  });
  return [resultsTable(results), ...gaps, describePair(trees), note]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** What this time and the run as a whole took. */
export function describeCost({ calls, replayed, usage, spending }: RunStats, durationMs: number): string {
  const { inputTokens, cachedInputTokens, outputTokens } = usage;
  const cached = cachedInputTokens === 0 ? '' : ` (${cachedInputTokens} of them cached)`;
  const dollars =
    spending.unpriced.length > 0 || spending.usd === 0
      ? ''
      : `\nThe run has cost $${spending.usd.toFixed(4)} in all.`;
  return (
    `${calls} model calls were made and ${replayed} replayed in ${duration(durationMs)}; ` +
    `${inputTokens} tokens in${cached}, ${outputTokens} out.${dollars}`
  );
}

/** One pair in which the preferred model was told something. */
function describePair(trees: readonly ConversationTree[]): string {
  for (const tree of trees) {
    for (const { conversation, preferred, rejected, provenance } of preferenceRecords(tree)) {
      if (provenance.revealed.length === 0 || preferred === rejected) continue;
      return [
        'One preference pair:',
        `  user       ${conversation.at(-1)?.content}`,
        `  preferred  ${preferred.replaceAll('\n', ' ')}`,
        `  rejected   ${rejected.replaceAll('\n', ' ')}`,
      ].join('\n');
    }
  }
  return '';
}
