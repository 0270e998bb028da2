import { type ServedModel, servedModels } from '../../evaluation/describe/describe-served.ts';
import type { EvaluationResult } from '../../evaluation/evaluation-result.ts';
import { type EvaluationRole, ROLE_NAMES } from '../../evaluation/served-by-role.ts';
import { html, type Markup } from '../../page/html.ts';

/** Fingerprints that are listed. A server may give a new one with every answer. */
const MAX_FINGERPRINTS = 5;

/** Which models answered, by candidate and role, as their servers report it. */
export function servedTable(evaluations: readonly EvaluationResult[]): Markup {
  return html`<table>
<caption><span class="caption">Models that answered, as their servers report them. A fingerprint stands for weights and serving software together; several of one model are usual.</span></caption>
<thead><tr><th scope="col">Candidate</th><th scope="col" class="text">Role</th><th scope="col" class="text">Asked for</th><th scope="col" class="text">Reported</th><th scope="col">Answers</th><th scope="col" class="text">Fingerprints</th></tr></thead>
<tbody>${evaluations.map(rows)}</tbody>
</table>`;
}

function rows({ candidate, served }: EvaluationResult): Markup {
  if (served === undefined) {
    return html`<tr><th scope="row"><bdi>${candidate.name}</bdi></th><td class="text" colspan="5">not recorded by the version that evaluated it</td></tr>`;
  }
  return html`${Object.entries(served).flatMap(([role, counts = []]) =>
    servedModels(counts).map(
      (each) =>
        html`<tr><th scope="row"><bdi>${candidate.name}</bdi></th><td class="text">${ROLE_NAMES[role as EvaluationRole]}</td><td class="text"><bdi>${each.id}</bdi></td><td class="text">${reported(each)}</td><td>${String(each.answers)}</td><td class="text"><bdi>${listed(each)}</bdi></td></tr>`,
    ),
  )}`;
}

function reported({ model }: ServedModel): Markup {
  return model === null ? html`not reported` : html`<bdi>${model}</bdi>`;
}

function listed({ fingerprints }: ServedModel): string {
  if (fingerprints.length === 0) return 'none';
  const more = fingerprints.length - MAX_FINGERPRINTS;
  return [
    ...fingerprints.slice(0, MAX_FINGERPRINTS).map(({ name, answers }) => `${name} (${answers})`),
    ...(more > 0 ? [`${more} more`] : []),
  ].join(', ');
}
