import { counted, decimals } from '../../internal/format.ts';
import { codeSpan, markdownTable, markdownText } from '../../internal/markdown.ts';
import { formatInterval } from '../describe/describe-intervals.ts';
import type { JudgeBias, JudgeBiasMeasure, JudgeBiasName } from './bias-result.ts';
import { isShown, meaningOf } from './bias-sentences.ts';

/** Names of the measures in tables. */
const NAMES: Readonly<Record<JudgeBiasName, string>> = {
  repeat: 'Asked again: size',
  padded: 'Padded without content',
  lengthened: 'Reworded at twice the length',
  reworded: 'Reworded: size beyond asking again',
  order: 'Statements reversed: size beyond asking again',
  plea: 'With a plea for a 5',
  formatting: 'Bold and an emoji',
  'other-persona': 'Own minus other persona',
  length: 'Per 100 words, within conversations',
  'own-family': 'Own model family minus others',
};

/**
 * Formats what `judgeBias` found as Markdown: what is shown, a table with a row per measure, and a sentence on each. A bias
 * counts as shown only if its interval excludes 0 and its p-value, corrected for all measures, is below 0.05.
 */
export function describeJudgeBias(bias: JudgeBias): string {
  const { judge, reword, candidates, sampled, measures, seed, confidence, meanScore } = bias;
  const measured = measures.filter(({ estimate }) => estimate !== null);
  const rest = measures.filter(({ estimate }) => estimate === null);
  const answered = judge.served?.flatMap(({ model }) => model ?? []) ?? [];
  return [
    `Judge: ${codeSpan(judge.id)}${answered.length === 0 ? '' : ` (answered by ${answered.map(codeSpan).join(', ')})`}.${reword === null ? '' : ` Reworded by ${codeSpan(reword.model)}.`}`,
    `${sampled.responses} of ${counted(sampled.of, 'response')} from ${counted(sampled.cases, 'case')} (${candidates.map(markdownText).join(', ')}), mean score ${decimals(meanScore, 2)}, seed ${seed}.`,
    '',
    ...summary(bias),
    '',
    markdownTable(
      ['Measure', 'Points', 'p', 'Mean change', 'Mean size', 'Changed', 'Responses', 'Cases'],
      measured.map(rowOf),
    ),
    '',
    `Brackets are ${100 * confidence} % confidence intervals over cases. p is corrected for all measures (Holm). Change and size are those of the score, with its sign and without; changed is the share of scores that are not the same.`,
    '',
    ...measured.map((measure) => `- ${meaningOf(measure)}`),
    ...rest.map(({ name, reason }) => `- ${NAMES[name]}: not measured, since ${reason}.`),
    '',
  ].join('\n');
}

/** What is shown, and what is not. No more than the intervals allow. */
function summary({ measures, isConstant, meanScore }: JudgeBias): string[] {
  if (meanScore === null) return ['The judge gave no score, so nothing can be said of it.'];
  if (isConstant) {
    return [
      `**The judge gives every response the same score, ${decimals(meanScore, 2)}.** It tells nothing apart. That no bias shows is no sign of a good judge.`,
    ];
  }
  const biases = measures.filter(
    ({ name, estimate }) => name !== 'repeat' && name !== 'other-persona' && estimate !== null,
  );
  const shown = biases.filter(isShown);
  const list = shown.map(({ name, estimate }) => `${NAMES[name].toLowerCase()} ${signed(estimate)}`);
  const persona = measures.find(({ name }) => name === 'other-persona');
  return [
    shown.length === 0
      ? `**No bias is shown** in ${counted(biases.length, 'measure')}. That is no proof that there is none: the intervals say how large it could be.`
      : `**Shown**: ${list.join('; ')}. Not shown: ${biases.length - shown.length} of ${counted(biases.length, 'measure')}.`,
    ...(persona === undefined || persona.estimate === null
      ? []
      : [
          isShown(persona) && persona.estimate > 0
            ? 'Scores depend on the persona, as they should.'
            : '**Scores are not shown to depend on the persona as they should.**',
        ]),
  ];
}

function rowOf(measure: JudgeBiasMeasure): string[] {
  const { name, estimate, interval, adjustedPValue, shift, size, changed, responses, cases, missing } =
    measure;
  const range = interval === null ? '' : ` ${formatInterval(interval, 2)}`;
  return [
    NAMES[name],
    `${name === 'repeat' ? decimals(estimate, 2) : signed(estimate)}${range}`,
    adjustedPValue === null ? '–' : adjustedPValue < 0.001 ? '< 0.001' : decimals(adjustedPValue, 3),
    shift === null ? '–' : signed(shift),
    decimals(size, 2),
    changed === null ? '–' : `${decimals(100 * changed, 0)} %`,
    `${responses}${missing === 0 ? '' : ` (${missing} missing)`}`,
    String(cases),
  ];
}

/** `+0.40` */
function signed(value: number | null): string {
  const text = decimals(value, 2);
  return Number(text) > 0 ? `+${text}` : text;
}
