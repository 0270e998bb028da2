import { comparePaired, type PairedEstimate } from '../../metrics/index.ts';
import { mean } from '../../metrics/mean.ts';
import { countWords } from '../../personas/rules/text-features.ts';
import type { EvaluatedCase } from '../evaluated-case.ts';
import { clusterLabels } from '../evaluation-statistics.ts';
import type { VariantName, VariantVerdict, Verdicts } from './ask-verdicts.ts';
import type { JudgeBiasMeasure } from './bias-result.ts';

/** A reply that is to be twice as long must have a share of words more between these. */
const LONGER = 0.25;
const LONGEST = 3;
/** One that is to keep its length has at most this share of words more or fewer. */
const AS_LONG = 0.5;

/** One change of a score. */
interface Change {
  readonly played: EvaluatedCase;
  readonly shift: number;
  /** Absolute change when the same verdict is asked again; null if that failed. */
  readonly noise: number | null;
  readonly addedWords: number;
}

/** The part of a {@link JudgeBiasMeasure} that is known before p-values are adjusted. */
export type UnadjustedMeasure = Omit<JudgeBiasMeasure, 'adjustedPValue'>;

/** What each change of a reply or a persona does to the scores. */
export function measureChanges(
  name: VariantName,
  verdicts: readonly Verdicts[],
  options: { readonly seed: number; readonly reason: string },
): UnadjustedMeasure {
  const asked = verdicts.filter(({ variants }) => variants.has(name));
  const changes = asked.flatMap((own) => changeOf(name, own) ?? []);
  const valued = changes.flatMap((change) => {
    const value = readChange(name, change);
    return value === null ? [] : [{ played: change.played, value }];
  });
  const { difference, interval, pValue, cases } = estimateOverCases(valued, options.seed);
  const keepsWords = changes.every(({ addedWords }) => addedWords === 0);
  return {
    name,
    estimate: difference,
    // The bootstrap of nothing but zeros would say [0, 0], which is too sure.
    interval: valued.every(({ value }) => value === 0) ? null : interval,
    pValue: name === 'repeat' ? null : pValue,
    shift: mean(changes.map(({ shift }) => shift)),
    size: mean(changes.map(({ shift }) => Math.abs(shift))),
    changed: mean(changes.map(({ shift }) => (shift === 0 ? 0 : 1))),
    addedWords: keepsWords ? null : mean(changes.map(({ addedWords }) => addedWords)),
    responses: valued.length,
    cases,
    missing: asked.length - valued.length,
    reason: difference !== null ? null : asked.length === 0 ? options.reason : whyNone(name),
  };
}

function changeOf(name: VariantName, { sampled, score, variants }: Verdicts): Change | null {
  const verdict = variants.get(name)!;
  if (score === null || verdict.score === null || !isUsable(name, verdict, sampled.response)) return null;
  const repeated = variants.get('repeat')?.score ?? null;
  return {
    played: sampled.played,
    shift: verdict.score - score,
    noise: repeated === null ? null : Math.abs(repeated - score),
    addedWords: verdict.addedWords,
  };
}

/** Whether a reworded reply has the length that was asked for. */
function isUsable(name: VariantName, { addedWords }: VariantVerdict, response: string): boolean {
  const share = addedWords / Math.max(1, countWords(response));
  if (name === 'lengthened') return share >= LONGER && share <= LONGEST;
  return name !== 'reworded' || Math.abs(share) <= AS_LONG;
}

function whyNone(name: VariantName): string {
  const isReworded = name === 'lengthened' || name === 'reworded';
  return `no reply has both verdicts${isReworded ? ' and a rewording of the right length' : ''}`;
}

/** The value whose mean is the estimate. Where no direction is expected, it is the change beyond that of asking again. */
function readChange(name: VariantName, { shift, noise }: Change): number | null {
  switch (name) {
    case 'repeat':
      return Math.abs(shift);
    case 'order':
    case 'reworded':
      return noise === null ? null : Math.abs(shift) - noise;
    case 'other-persona':
      return shift === 0 ? 0 : -shift;
    default:
      return shift;
  }
}

/** Estimates the mean over cases of the means of their values. */
export function estimateOverCases(
  values: readonly { readonly played: EvaluatedCase; readonly value: number }[],
  seed: number,
): PairedEstimate {
  const groups = [...Map.groupBy(values, ({ played }) => played.caseId).values()];
  if (groups.length === 0) {
    return { difference: null, interval: null, pValue: null, adjustedPValue: null, cases: 0 };
  }
  const rows = groups.map((own) => [mean(own.map(({ value }) => value))]);
  const { average } = comparePaired(
    rows.map(() => [0]),
    rows,
    { seed, ...clusterLabels(groups.map(([first]) => first!.played)) },
  );
  return average;
}
