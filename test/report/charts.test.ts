import { DOMParser } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { InvalidOptionError } from '../../src/errors.ts';
import type { EvaluationResult } from '../../src/evaluation/evaluation-result.ts';
import {
  alignmentChart,
  averageChart,
  revelationChart,
  scoreHeatMap,
  trainingChart,
} from '../../src/report/index.ts';
import { evaluationOf, repeatedEvaluation } from '../evaluation/evaluation-data.ts';
import { HOSTILE_TEXTS } from './hostile-texts.ts';
import { syntheticEvaluation, syntheticMetrics } from './report-data.ts';

const rising = evaluationOf(
  [
    [1, 2, 4],
    [3, 4, 5],
    [2, 2, 4],
    [1, 3, 3],
    [2, 3, 5],
  ],
  { name: 'rising' },
);
const torn = evaluationOf([[3, null, 5], [4]], { name: 'torn', turns: 3 });
const silent = evaluationOf([[null, null]], { name: 'silent' });
const watched = syntheticEvaluation({ name: 'watched', cases: 4, turns: 3 });

type Draw = (evaluations: readonly EvaluationResult[]) => string;
const charts: Record<string, Draw> = {
  alignmentChart,
  averageChart,
  revelationChart,
  scoreHeatMap: ([first]) => scoreHeatMap(first!),
};

function parse(svg: string) {
  return new DOMParser().parseFromString(svg, 'image/svg+xml');
}
const marks = (svg: string, label: string, tag: string) =>
  parse(svg).querySelectorAll(`[data-mark="${label}"] ${tag}`);

/** What charts are made of. */
const TAGS = ['svg', 'title', 'desc', 'style', 'g', 'path', 'rect', 'circle', 'line', 'text', 'tspan'];

describe.each(Object.entries(charts))('%s', (_name, draw) => {
  test.each([
    ['one evaluation', [rising]],
    ['several of different length', [rising, torn, silent, watched]],
    ['nothing scored', [silent]],
  ])('draws %s, with a title and a description', (_what, evaluations) => {
    const svg = draw(evaluations);
    const { documentElement } = parse(svg);
    expect(documentElement.getAttribute('role')).toBe('img');
    expect(documentElement.querySelector('title').textContent).not.toBe('');
    expect(documentElement.querySelector('desc').textContent).not.toBe('');
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    expect(draw(structuredClone(evaluations))).toBe(svg);
  });

  test.each(HOSTILE_TEXTS)('makes no markup of a name: %j', (name) => {
    const named = { ...rising, candidate: { ...rising.candidate, name } };
    const tags = new Set([...parse(draw([named])).querySelectorAll('*')].map(({ localName }) => localName));
    expect(TAGS).toEqual(expect.arrayContaining([...tags]));
  });
});

describe('alignmentChart', () => {
  test('has a dot for each level there is, a band where there are intervals, and a line where there is a fit', () => {
    expect(marks(alignmentChart([rising]), 'dot', 'circle').length).toBe(3);
    expect(marks(alignmentChart([silent]), 'dot', 'circle').length).toBe(0);
    expect(marks(alignmentChart([rising]), 'area', 'path').length).toBe(1);
    expect(marks(alignmentChart([rising]), 'line', 'path').length).toBe(2);
  });

  test('states the rates of each panel with their intervals', () => {
    const text = parse(alignmentChart([rising, torn])).documentElement.textContent;
    const { low, high } = rising.statistics.improvementRate!;
    expect(text).toContain(
      `IR ${rising.improvementRate?.slope.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`,
    );
    expect(text).toContain('torn');
  });

  test('puts panels into rows', () => {
    const size = (svg: string) =>
      parse(svg).documentElement.getAttribute('viewBox').split(' ').slice(2).map(Number);
    const [wide, low] = size(alignmentChart([rising, torn]));
    const [narrow, high] = size(alignmentChart([rising, torn], { columns: 1 }));
    expect(narrow).toBeLessThan(wide!);
    expect(high).toBeGreaterThan(low!);
    expect(() => alignmentChart([rising], { columns: 0 })).toThrow(InvalidOptionError);
  });
});

test('the revelation curve has a dot a turn, and none where nothing was asked', () => {
  expect(marks(revelationChart([watched]), 'dot', 'circle').length).toBe(3);
  expect(marks(revelationChart([rising]), 'dot', 'circle').length).toBe(0);
});

test('a heat map has a cell for every turn of every case, and says in words what has no score', () => {
  const cells = [...marks(scoreHeatMap(torn), 'cell', 'rect')].map((cell) => cell.textContent);
  expect(cells).toEqual([
    'case-1, turn 1: 3',
    'case-1, turn 2: malformed-verdict',
    'case-1, turn 3: 5',
    'case-2, turn 1: 4',
    'case-2, turn 2: not reached',
    'case-2, turn 3: not reached',
  ]);
});

test('a heat map names the repeats of a case', () => {
  const repeated = repeatedEvaluation([
    [[2], [3]],
    [[4], [5]],
  ]);
  const svg = scoreHeatMap(repeated);
  expect([...marks(svg, 'cell', 'rect')].map((cell) => cell.textContent)).toEqual([
    'case-1, turn 1: 2',
    'case-1, repeat 2, turn 1: 4',
    'case-2, turn 1: 3',
    'case-2, repeat 2, turn 1: 5',
  ]);
  expect(svg).toContain('4 simulations in columns');
});

describe('trainingChart', () => {
  const metrics = syntheticMetrics(20);

  test('draws what a stage has logged, with validation apart', () => {
    const svg = trainingChart(metrics, { stage: 'dpo', quantity: 'loss' })!;
    expect(parse(svg).querySelector('title').textContent).toBe('Loss of stage dpo by step');
    expect(marks(svg, 'line', 'path').length).toBe(2);
    expect(marks(svg, 'dot', 'circle').length).toBe(2);
    expect(marks(trainingChart(metrics, { stage: 'sft', quantity: 'loss' })!, 'dot', 'circle').length).toBe(
      0,
    );
  });

  test('draws as much of a long training as fits its width, its extremes among it', () => {
    const long = Array.from({ length: 50_000 }, (_, step) => ({
      stage: 'sft',
      step,
      values: { loss: step === 12_345 ? 9 : 1 / (1 + step) },
    }));
    const [path] = marks(trainingChart(long, { stage: 'sft', quantity: 'loss' })!, 'line', 'path');
    const heights = [...path!.getAttribute('d').matchAll(/,([\d.]+)/g)].map(([, y]) => Number(y));
    expect(heights.length).toBeLessThanOrEqual(680);
    expect(heights.filter((y) => y === Math.min(...heights)).length).toBe(1);
  });

  test('is null where nothing was logged, and leaves out what is no number', () => {
    expect(trainingChart(metrics, { stage: 'sft', quantity: 'margin' })).toBeNull();
    const broken = [{ stage: 'sft', step: 1, values: { loss: Number.NaN } }];
    expect(trainingChart(broken, { stage: 'sft', quantity: 'loss' })).toBeNull();
  });
});
