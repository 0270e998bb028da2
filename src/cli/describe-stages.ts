import type { AloeConfig } from '../config/config.ts';
import { type ConversationTree, decisionPoints } from '../conversations/conversation-tree.ts';
import { costsTable } from '../evaluation/costs/costs-table.ts';
import { resultsTable } from '../evaluation/describe/results-table.ts';
import type { EvaluationResult } from '../evaluation/evaluation-result.ts';
import { describeFailures } from '../evaluation/missing-scores.ts';
import { counted, oneLine } from '../internal/format.ts';
import { markdownText } from '../internal/markdown.ts';
import { countFlaws, describeShortfall } from '../personas/describe-shortfall.ts';
import type { Persona } from '../personas/persona.ts';
import type { PersonaPool } from '../personas/persona-pool.ts';
import { preferenceRecords } from '../preferences/records.ts';

/** Size of the pool, what became of the generated entries, and what is missing to the target. */
export function describePool(pool: PersonaPool): string {
  const { profiles, personalities } = pool.size;
  const lines = [`  ${profiles} profiles and ${personalities} personalities`];
  for (const kind of ['profiles', 'personalities'] as const) {
    const outcome = pool.growth?.outcomes[kind];
    if (outcome === undefined) continue;
    const { generated, discarded, flawed = [], unusable, stopped } = outcome;
    const refused = flawed.length === 0 ? '' : `${flawed.length} flawed (${countFlaws(flawed)}), `;
    lines.push(
      `  ${kind}: ${generated} generated, ${discarded.length} discarded as near-duplicates, ${refused}${unusable.length} unusable (stopped: ${stopped})`,
    );
  }
  const shortfall = describeShortfall(pool);
  return [...lines, ...(shortfall === '' ? [] : [shortfall.replace(/^/gm, '  ')])].join('\n');
}

/** The pool, and whether it is too small for the conversations to come. */
export function describePersonas(
  { pool, personas }: { readonly pool: PersonaPool; readonly personas: readonly Persona[] },
  config: AloeConfig,
): string {
  const fewer = describeFewer(personas, config);
  return fewer === '' ? describePool(pool) : `${describePool(pool)}\n  ${fewer}`;
}

/** Says that a grown pool is too small for the conversations that the config asks for. Empty if it is not. */
export function describeFewer(personas: readonly Persona[], { conversations }: AloeConfig): string {
  const asked = conversations?.personas ?? 0;
  if (asked <= personas.length) return '';
  return `${counted(personas.length, 'conversation')} instead of ${asked}, since the pool has no more personas.`;
}

/** How many turns a conversation has, and why it stopped early if it did. */
export function describeConversation(tree: ConversationTree, turns: number): string {
  const played = [...decisionPoints(tree)].length;
  const why = tree.failures.map(({ turn, role, message }) => ` Failed at turn ${turn} (${role}): ${message}`);
  return `  ${tree.id}: ${played} of ${turns} turns.${why.join('')}`;
}

/** Markdown of the results: table, failed cases, an example pair, and the note. */
export function describeResults(
  results: readonly EvaluationResult[],
  trees: readonly ConversationTree[],
  note: string,
): string {
  const failures = results.flatMap((result) => {
    const lines = describeFailures(result);
    return lines.length === 0 ? [] : [`${markdownText(result.candidate.name)}:${lines.join('\n')}`];
  });
  return [resultsTable(results), ...failures, costsTable(results), describePair(trees), note]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** The first pair whose preferred response was written knowing part of the persona. */
function describePair(trees: readonly ConversationTree[]): string {
  for (const tree of trees) {
    for (const { conversation, preferred, rejected, provenance } of preferenceRecords(tree)) {
      if (provenance.revealed.length === 0 || preferred === rejected) continue;
      return [
        'One preference pair:\n',
        // Four spaces make it code in Markdown, so that the models' words stay words.
        `    user       ${oneLine(conversation.at(-1)?.content ?? '')}`,
        `    preferred  ${oneLine(preferred)}`,
        `    rejected   ${oneLine(rejected)}`,
      ].join('\n');
    }
  }
  return '';
}
