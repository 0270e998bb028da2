import { relative } from 'node:path';
import { decisionPoints } from '../conversations/conversation-tree.ts';
import { DEMO_PAIR, DEMO_TURNS } from '../demo/study.ts';
import type { EvaluationResult } from '../evaluation/evaluation-result.ts';
import { decimals } from '../internal/format.ts';
import type { Interval } from '../metrics/index.ts';
import { isTrait, numberStatements, type Statement } from '../personas/persona.ts';
import { preferenceRecords } from '../preferences/records.ts';
import type { DemoResult } from './demo.ts';
import { columnsToFill, sideBySide, wrapText } from './side-by-side.ts';

/** One pair of the study, with what the preferred model was told. */
interface ShownPair {
  readonly conversationId: string;
  readonly turn: number;
  readonly user: string;
  readonly told: readonly Statement[];
  readonly preferred: string;
  readonly rejected: string;
}

/** Lines of each response of the pair: with more, the whole no longer fits a terminal. */
const PAIR_LINES = 5;

/** What `aloe demo` prints. */
export function describeDemo(result: DemoResult): string {
  const { trees, evaluations, comparison, recorded, report } = result;
  const [bare, adapted] = evaluations;
  const { user, told, preferred, rejected } = shownPair(result);
  const tastes = told.filter(({ id }) => isTrait(id)).map(({ text }) => text);
  return `${paragraph(
    'aloe-align teaches a model to infer what each user likes, and measures how well it does. ' +
      `In this recorded study, one large language model wrote all users, replies and scores (${monthOf(recorded.date)}). ` +
      'Just now, no model was called.',
  )}

How well replies suit their user, 1 to 5 (${bare.cases.length} users, ${DEMO_TURNS} turns, 95 % intervals)
  bare        ${levelOf(bare)}   answers what was asked
  adaptive    ${levelOf(adapted)}   infers the user's preferences as it goes
  difference ${signed(comparison.difference)} ${between(comparison.interval)}   ${chance(comparison.pValue)}

One of ${countPairs(result)} preference pairs from ${trees.length} conversations. The user writes:
${paragraph(user, '  ')}
${paragraph(`Tastes shown so far: ${tastes.join('; ')}.`)}
${sideBySide(['PREFERRED: was told this', preferred], ['REJECTED: was not', rejected], { lines: PAIR_LINES })}

Report  ${shown(report)}   or: npx aloe-align demo --open
Next    npx aloe-align quickstart   the same with a model of yours
        npx aloe-align --help       all commands`;
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
    told: numberStatements(tree.persona).filter(({ id }) => provenance.revealed.includes(id)),
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

function chance(pValue: number | null): string {
  return pValue !== null && pValue < 0.001 ? 'p < 0.001' : `p = ${decimals(pValue, 3)}`;
}

/** The path from here, if the file is below this directory. */
function shown(path: string): string {
  const from = relative('', path);
  return from === '' || from.startsWith('..') ? path : from;
}
