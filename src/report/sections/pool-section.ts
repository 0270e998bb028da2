import { decimals } from '../../internal/format.ts';
import { html, type Markup, trustedMarkup } from '../../page/html.ts';
import { countEntries } from '../../personas/describe/count-entries.ts';
import type {
  AttributeCounts,
  DescribedEntry,
  KindDescription,
  PoolDescription,
} from '../../personas/describe/pool-description.ts';
import { POOL_KINDS, type PoolKind } from '../../personas/pool-data.ts';
import { neighbourHistogram } from '../charts/neighbour-histogram.ts';
import { poolMap } from '../charts/pool-map.ts';
import { type Section, wide } from './section.ts';

/** Pairs and entries listed of each kind. */
const LISTED = 8;

/** What a persona pool covers: map, nearest neighbours, counts by attribute, gaps. */
export function poolSection(pool: PoolDescription): Section {
  return {
    id: 'pool',
    heading: 'Persona pool',
    content: html`<p class="about">A pool is worth as much as its people differ. Entries are compared by their embeddings: near 1, two say the same. Entries that are alike lie close together on the map. It is a rough picture: below it stands how much of the differences it can show.</p>
<p class="note">Embedder: ${pool.embedder}. Language: ${pool.language}. Diamonds are seeds. A line joins two entries above the threshold. Point at a dot to read the entry.</p>
${POOL_KINDS.map((kind) => half(kind, pool[kind]))}`,
  };
}

function half(kind: PoolKind, described: KindDescription): Markup {
  const [x, y] = described.explained;
  return html`<h3>${countEntries(described.size, kind)}</h3>
<p class="about">${summarizeKind(described)}</p>
<div class="panels">
<figure>${trustedMarkup(poolMap(described, kind))}<figcaption>The two axes show ${decimals(100 * (x + y), 0)} % of how entries differ.</figcaption></figure>
<figure>${trustedMarkup(neighbourHistogram(described, kind))}<figcaption>How similar each entry is to its nearest neighbour.</figcaption></figure>
</div>
${described.gaps.length === 0 ? null : html`<h4>Gaps</h4><ul>${described.gaps.map((gap) => html`<li>${gap}</li>`)}</ul>`}
${described.attributes.map((attribute) => wide(`Counts by ${attribute.name}`, attributeTable(attribute)))}
${wide('Nearest neighbours', neighboursTable(described, 'nearest'))}
${wide('Most isolated entries', neighboursTable(described, 'isolated'))}`;
}

/** The figures of one kind, in sentences. */
export function summarizeKind({
  size,
  neighbours,
  nearDuplicates,
  effectiveSize,
  threshold,
}: KindDescription): string {
  if (neighbours.median === null) return 'A single entry has no neighbours.';
  const near =
    nearDuplicates === 0
      ? `None is above the threshold of ${threshold}.`
      : `${nearDuplicates} of ${size} are above the threshold of ${threshold}.`;
  return (
    `Similarity to the nearest neighbour: median ${decimals(neighbours.median, 2)}, 95th percentile ${decimals(neighbours.p95, 2)}, ` +
    `maximum ${decimals(neighbours.maximum, 2)}. ${near} As diverse as ${decimals(effectiveSize, 1)} entirely different entries.`
  );
}

function attributeTable({ name, values, unlabelled }: AttributeCounts): Markup {
  const hasQuotas = values.some(({ quota }) => quota !== null);
  const unknown =
    unlabelled === 0
      ? null
      : html`<tr><th scope="row">not stated</th><td>${unlabelled}</td>${hasQuotas ? html`<td></td>` : null}</tr>`;
  return html`<table>
<caption><span class="caption">Entries by ${name}</span></caption>
<thead><tr><th scope="col">${name}</th><th scope="col">Entries</th>${hasQuotas ? html`<th scope="col">Wanted</th>` : null}</tr></thead>
<tbody>${values.map(
    ({ value, count, quota }) =>
      html`<tr><th scope="row"><bdi>${value}</bdi></th><td>${count}</td>${hasQuotas ? html`<td>${quota ?? ''}</td>` : null}</tr>`,
  )}${unknown}</tbody>
</table>`;
}

function neighboursTable({ entries }: KindDescription, which: 'nearest' | 'isolated'): Markup {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const sign = which === 'nearest' ? -1 : 1;
  const sorted = entries
    .filter(({ similarity }) => similarity !== null)
    .toSorted((one, other) => sign * (one.similarity! - other.similarity!));
  const pairs = which === 'nearest' ? withoutMirrored(sorted) : sorted;
  const caption =
    which === 'nearest'
      ? 'The most similar pairs. Read them to see whether the threshold suits.'
      : 'The most isolated entries: little else in the pool is like them.';
  return html`<table>
<caption><span class="caption">${caption}</span></caption>
<thead><tr><th scope="col" class="text">Entry</th><th scope="col" class="text">Nearest</th><th scope="col">Similarity</th></tr></thead>
<tbody>${pairs
    .slice(0, LISTED)
    .map(
      (entry) =>
        html`<tr><td class="text">${brief(entry)}</td><td class="text">${brief(byId.get(entry.nearestId!)!)}</td><td>${decimals(entry.similarity, 2)}</td></tr>`,
    )}</tbody>
</table>`;
}

/** Two entries that are each other's nearest are one pair. */
function withoutMirrored(entries: readonly DescribedEntry[]): readonly DescribedEntry[] {
  const seen = new Set<string>();
  return entries.filter(({ id, nearestId }) => {
    const pair = JSON.stringify([id, nearestId].sort());
    return !seen.has(pair) && seen.add(pair);
  });
}

function brief({ id, statements }: DescribedEntry): Markup {
  return html`<b>${id}</b> <bdi>${statements.slice(0, 3).join('. ')}</bdi>`;
}
