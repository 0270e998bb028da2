import { relative } from 'node:path';
import { decisionPoints } from '../conversations/conversation-tree.ts';
import { DEMO_PAIR, DEMO_TURNS } from '../demo/study.ts';
import type { EvaluationResult } from '../evaluation/evaluation-result.ts';
import { decimals } from '../internal/format.ts';
import type { Interval } from '../metrics/index.ts';
import { numberStatements } from '../personas/persona.ts';
import { preferenceRecords } from '../preferences/records.ts';
import type { DemoResult } from './demo.ts';
import { columnsToFill, sideBySide, wrapText } from './side-by-side.ts';

/** One pair of the study, with what the preferred model was told. */
interface ShownPair {
  readonly conversationId: string;
  readonly turn: number;
  readonly user: string;
  readonly told: readonly string[];
  readonly preferred: string;
  readonly rejected: string;
}

/** What `aloe demo` prints. */
export function describeDemo(result: DemoResult): string {
  const { trees, evaluations, comparison, recorded, dir, report } = result;
  const [bare, adapted] = evaluations;
  const { user, told, preferred, rejected } = shownPair(result);
  const known = told.length === 0 ? 'nothing yet' : told.join('; ');
  return `${paragraph(
    'aloe-align teaches a model to infer what each user likes, and measures how well it does. ' +
      'This is a small study that ships with the package. ' +
      `A large language model played and judged all of it, in separate seats, in ${monthOf(recorded.date)}. ` +
      `Its ${recorded.answers} answers were just replayed through the library: no model was called.`,
  )}

How well replies suit their user, 1 to 5 (${bare.cases.length} users, ${DEMO_TURNS} turns; 95 % intervals)
  bare        ${levelOf(bare)}   answers what was asked
  adaptive    ${levelOf(adapted)}   infers the user's preferences as it goes
  difference ${signed(comparison.difference)} ${between(comparison.interval)}   p = ${decimals(comparison.pValue, 3)}

One of ${countPairs(result)} preference pairs from ${trees.length} conversations. The user writes:
${paragraph(user, '  ')}
${paragraph(`The preferred model was told what the user had shown so far: ${known}.`)}

${sideBySide(['REJECTED, told nothing', rejected], ['PREFERRED', preferred])}

Report  ${shown(report)}
Files   ${shown(dir)}: personas, conversations, training data, evaluations
Next    npx aloe-align demo --open    read the report in the browser
        npx aloe-align quickstart     the whole method with a model of yours
        npx aloe-align --help         all commands`;
}

/** The document that `aloe demo --json` prints. */
export function demoAsJson(result: DemoResult): object {
  const { trees, evaluations, comparison, recorded, dir, report } = result;
  const { first, second, difference, interval, pValue, better, equal, worse } = comparison;
  return {
    report,
    dir,
    recorded,
    conversations: trees.length,
    pairs: countPairs(result),
    candidates: evaluations.map(({ candidate, average, statistics, ownMinusOther, levels, cases }) => ({
      name: candidate.name,
      cases: cases.length,
      average,
      interval: statistics.average,
      levels: levels.map(({ level }) => level),
      ownMinusOther: ownMinusOther && {
        difference: ownMinusOther.difference,
        interval: ownMinusOther.interval,
      },
    })),
    comparison: { first, second, difference, interval, pValue, better, equal, worse },
    pair: shownPair(result),
  };
}

function countPairs({ trees }: DemoResult): number {
  return trees.reduce((sum, tree) => sum + [...decisionPoints(tree)].length, 0);
}

function shownPair({ trees }: DemoResult): ShownPair {
  const tree = trees.find(({ id }) => id === DEMO_PAIR.conversationId)!;
  const record = [...preferenceRecords(tree)].find(({ turn }) => turn === DEMO_PAIR.turn)!;
  const { preferred, rejected, provenance } = record;
  return {
    ...DEMO_PAIR,
    user: record.conversation.at(-1)!.content,
    told: numberStatements(tree.persona)
      .filter(({ id }) => provenance.revealed.includes(id))
      .map(({ text }) => text),
    preferred,
    rejected,
  };
}

function paragraph(text: string, indent = ''): string {
  return wrapText(text, columnsToFill() - indent.length)
    .map((line) => `${indent}${line}`)
    .join('\n');
}

/** `2026-11` as `November 2026`. */
function monthOf(date: string): string {
  const day = new Date(`${date}-01T00:00:00Z`);
  return day.toLocaleString('en', { month: 'long', year: 'numeric', timeZone: 'UTC' });
}

function levelOf({ average, statistics }: EvaluationResult): string {
  return `${decimals(average, 2)} ${between(statistics.average)}`;
}

function between(interval: Interval | null): string {
  return interval === null ? '' : `[${decimals(interval.low, 2)}, ${decimals(interval.high, 2)}]`;
}

function signed(value: number | null): string {
  return `${(value ?? 0) > 0 ? '+' : ''}${decimals(value, 2)}`;
}

/** The path from here, if the file is below this directory. */
function shown(path: string): string {
  const from = relative('', path);
  return from === '' || from.startsWith('..') ? path : from;
}
