import { personaAt } from '../../benchmark/benchmark-case.ts';
import { counted, decimals } from '../../internal/format.ts';
import { markdownText } from '../../internal/markdown.ts';
import { mean } from '../../metrics/mean.ts';
import { numberStatements } from '../../personas/persona.ts';
import type { EvaluationResult } from '../evaluation-result.ts';
import type { JudgedAspects, Judgement, Vote } from '../judge.ts';

const NAMES = ['tone', 'form', 'uptake'] as const;
/** How many statements are listed. */
const MOST = 3;

/** Markdown lines on the sub-scores and on what is violated most. Empty if the judge gives none. */
export function describeAspects(result: EvaluationResult): string[] {
  const verdicts = result.cases.flatMap(({ turns }) =>
    turns.flatMap(({ judgement }) => verdictsOf(judgement)),
  );
  const rated = verdicts.flatMap(({ aspects, score }) =>
    aspects === undefined || score === null ? [] : [{ aspects, score }],
  );
  const means = NAMES.map(
    (name) => `${name} ${decimals(mean(rated.map(({ aspects }) => aspects[name])), 2)}`,
  );
  const outside = rated.filter(({ aspects, score }) => isOutside(aspects, score)).length;
  const violated = mostViolated(result);
  const lines = [
    ...(rated.length === 0
      ? []
      : [
          `Sub-scores, means of ${counted(rated.length, 'verdict')}: ${means.join(', ')}. ${outside} of the scores ${outside === 1 ? 'lies' : 'lie'} outside the range of their own sub-scores.`,
        ]),
    ...(violated.length === 0 ? [] : [`Violated most often: ${violated.join('; ')}.`]),
  ];
  return lines.length === 0 ? [] : ['', ...lines];
}

/** A judgement's own verdict, or those of its votes. */
function verdictsOf(judgement: Judgement): readonly (Judgement | Vote)[] {
  return judgement.votes ?? [judgement];
}

function isOutside({ tone, form, uptake }: JudgedAspects, score: number): boolean {
  return score < Math.min(tone, form, uptake) || score > Math.max(tone, form, uptake);
}

/** `Hates fuss (in 4 of 10 responses)`: the statements that verdicts name, by their text, since users share personalities. */
function mostViolated({ cases }: EvaluationResult): string[] {
  const byText = new Map<string, { violated: number; judged: number }>();
  for (const { persona, drift, turns } of cases) {
    for (const { turn, judgement } of turns) {
      const naming = verdictsOf(judgement).filter(({ violated }) => violated !== undefined);
      if (naming.length === 0) continue;
      for (const { id, text } of numberStatements(personaAt({ persona, drift }, turn))) {
        const counts = byText.get(text) ?? { violated: 0, judged: 0 };
        counts.judged += 1;
        counts.violated += naming.some(({ violated }) => violated?.includes(id)) ? 1 : 0;
        byText.set(text, counts);
      }
    }
  }
  return [...byText]
    .filter(([, { violated }]) => violated > 0)
    .toSorted(([, one], [, other]) => other.violated - one.violated)
    .slice(0, MOST)
    .map(
      ([text, { violated, judged }]) =>
        `"${markdownText(text)}" (in ${violated} of ${counted(judged, 'response')})`,
    );
}
