import { counted } from '../../internal/format.ts';
import { markdownText } from '../../internal/markdown.ts';
import type { ServedCount } from '../../runs/served/tally-served.ts';
import type { EvaluationResult } from '../evaluation-result.ts';
import { type EvaluationRole, ROLE_NAMES } from '../served-by-role.ts';

/** All answers under one id that the server says came from the same model. */
export interface ServedModel {
  readonly id: string;
  /** Null if the server does not say. */
  readonly model: string | null;
  readonly answers: number;
  /** With the number of answers of each, most frequent first. Empty if the server gives none. */
  readonly fingerprints: readonly { readonly name: string; readonly answers: number }[];
}

/** The models of one role, with their fingerprints summed up. */
export function servedModels(counts: readonly ServedCount[]): ServedModel[] {
  const groups = Map.groupBy(counts, ({ id, model }) => JSON.stringify([id, model]));
  return [...groups.values()].map((group) => ({
    id: group[0]!.id,
    model: group[0]!.model,
    answers: group.reduce((sum, { answers }) => sum + answers, 0),
    fingerprints: group
      .flatMap(({ fingerprint, answers }) => (fingerprint === null ? [] : { name: fingerprint, answers }))
      .sort((one, other) => other.answers - one.answers),
  }));
}

/** One Markdown line on which models answered; none if that was not recorded, or no model was asked. */
export function describeServed({ served = {} }: EvaluationResult): string[] {
  const all = Object.values(served).flatMap((counts = []) => counts);
  if (all.length === 0) return [];
  if (all.every(({ model }) => model === null)) return ['', 'No server said which model answered.'];
  const roles = Object.entries(served).flatMap(([role, counts = []]) =>
    counts.length === 0
      ? []
      : `${ROLE_NAMES[role as EvaluationRole]} ${servedModels(counts).map(describeModel).join(' and ')}`,
  );
  return ['', `Models, as their servers report them: ${roles.join('; ')}.`];
}

function describeModel({ model, answers, fingerprints }: ServedModel): string {
  const marks = fingerprints.length > 1 ? `, ${fingerprints.length} fingerprints` : '';
  return `${model === null ? 'not reported' : markdownText(model)} (${counted(answers, 'answer')}${marks})`;
}

/**
 * What to know where a name stood for several models in the course of one evaluation, as when a provider moves an alias.
 * One sentence per role and name; empty if there was none.
 */
export function describeAliasChanges({ candidate, served = {} }: EvaluationResult): string[] {
  return Object.entries(served).flatMap(([role, counts = []]) => {
    const byId = Map.groupBy(
      servedModels(counts).filter(({ model }) => model !== null),
      ({ id }) => id,
    );
    return [...byId]
      .filter(([, models]) => models.length > 1)
      .map(([id, models]) => {
        const list = models
          .map(({ model, answers }) => `${model} (${counted(answers, 'answer')})`)
          .join(', ');
        return `${candidate.name}: the ${ROLE_NAMES[role as EvaluationRole]} changed during the evaluation. "${id}" stood for ${list}. Ask for one of them by its full name, and evaluate again.`;
      });
  });
}

/**
 * A warning for each model that answered for two candidates under different names, as with a server that has a single model
 * loaded and ignores the name asked for. Empty if there is none, or if that is unknown.
 */
export function describeSameCandidate(first: EvaluationResult, second: EvaluationResult): string[] {
  const others = namesByModel(second);
  return [...namesByModel(first)].flatMap(([model, names]) => {
    const otherNames = others.get(model) ?? [];
    if (otherNames.length === 0 || names.some((name) => otherNames.includes(name))) return [];
    return [
      `The same model answered for both candidates, as their servers report it: ${model}, asked for as "${names.join('", "')}" and as "${otherNames.join('", "')}".`,
    ];
  });
}

/** The names under which each reported model was asked for. */
function namesByModel({ served }: EvaluationResult): Map<string, string[]> {
  const reported = (served?.candidate ?? []).flatMap(({ id, model }) =>
    model === null ? [] : [{ model, name: nameOf(id) }],
  );
  const groups = Map.groupBy(reported, ({ model }) => model);
  return new Map([...groups].map(([model, own]) => [model, [...new Set(own.map(({ name }) => name))]]));
}

/** The name that a server is asked for: an id without revision and settings. */
function nameOf(id: string): string {
  return id.replace(/(?::(?:json=\w+|no-\w+))+$/, '').replace(/@[^\s@:]+$/, '');
}
