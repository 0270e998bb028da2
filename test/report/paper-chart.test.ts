import { DOMParser, parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { paperChart, type ResultRow, renderReport } from '../../src/report/index.ts';
import { evaluationOf } from '../evaluation/evaluation-data.ts';
import { HOSTILE_TEXTS } from './hostile-texts.ts';
import { syntheticEvaluation } from './report-data.ts';

const result = (start: number) => syntheticEvaluation({ name: `from ${start}`, cases: 6, turns: 4, start });
const rows: ResultRow[] = ['Qwen', 'Llama', 'Mistral'].flatMap((model, index) => [
  { model, type: 'Base', result: result(2 + index / 4) },
  { model, type: 'Ours', result: result(4) },
  { model, type: 'SFT-Rejected', result: result(3) },
]);
const parse = (svg: string) => new DOMParser().parseFromString(svg, 'image/svg+xml');
const lines = (svg: string) => [...parse(svg).querySelectorAll('[data-mark="line"] > g')];
const isDotted = (line: { getAttribute(name: string): string | null }) =>
  line.getAttribute('stroke-dasharray') !== null;

describe('paperChart', () => {
  test('has a panel per base model, the base solid and its variants dotted, each once more in the legend', () => {
    const svg = paperChart(rows);
    expect(lines(svg).filter((line) => !isDotted(line))).toHaveLength(3 + 1);
    expect(lines(svg).filter(isDotted)).toHaveLength(6 + 2);
    const names = [...parse(svg).querySelectorAll('text')].map((text) => text.textContent);
    for (const name of ['Qwen', 'Llama', 'Mistral', 'Base', 'Ours', 'SFT-Rejected']) {
      expect(names.filter((text) => text === name)).toHaveLength(1);
    }
  });

  test('takes a base in any case, and draws no solid line without one', () => {
    const solid = (type: string) =>
      lines(paperChart([{ model: 'm', type, result: result(3) }])).filter((line) => !isDotted(line)).length;
    expect([solid('BASE'), solid('Ours')]).toEqual([2, 0]);
  });

  test('gives a variant the same colour in every panel', () => {
    const strokes = lines(paperChart(rows)).map((line) => line.getAttribute('stroke'));
    expect(strokes.slice(0, 3)).toEqual(strokes.slice(3, 6));
    expect(strokes.slice(3, 6)).toEqual(strokes.slice(6, 9));
    expect(new Set(strokes).size).toBe(3);
  });

  test('puts the levels into words for screen readers', () => {
    const [level] = rows[0]!.result.levels;
    const text = parse(paperChart(rows)).querySelector('desc').textContent;
    expect(text).toContain(`Qwen: Base ${level!.level!.toFixed(2)},`);
  });

  test.each([
    ['one model', rows.slice(0, 3)],
    ['nothing scored', [{ model: 'm', type: 'Base', result: evaluationOf([[null, null]]) }]],
    ['different turns', [rows[0]!, { model: 'm', type: 'Ours', result: evaluationOf([[1, 2, 3, 4, 5]]) }]],
    [
      'many variants',
      Array.from({ length: 9 }, (_, index) => ({
        model: 'm',
        type: `${'x'.repeat(60)}${index}`,
        result: result(3),
      })),
    ],
  ])('draws %s', (_what, given) => {
    expect(paperChart(given, { columns: 1 })).not.toMatch(/NaN|undefined|Infinity/);
    expect(paperChart(given)).toBe(paperChart(structuredClone(given)));
  });

  test.each(HOSTILE_TEXTS)('makes no markup of a name: %j', (name) => {
    const tags = [...parse(paperChart([{ ...rows[0]!, model: name, type: name }])).querySelectorAll('*')];
    const known = ['svg', 'title', 'desc', 'style', 'g', 'path', 'line', 'text', 'tspan'];
    expect(known).toEqual(expect.arrayContaining([...new Set(tags.map(({ localName }) => localName))]));
  });

  test('refuses rows without a type, and no columns', () => {
    expect(() => paperChart([{ ...rows[0]!, type: '' }])).toThrow('Option "rows[0].type"');
    expect(() => paperChart(rows, { columns: 0 })).toThrow('Option "columns"');
  });
});

describe('a report by base model', () => {
  const open = (markup: string) => parseHTML(markup).document;

  test('has Table 1 and Figure 4, and the evaluations named by model and type', () => {
    const document = open(renderReport({ byModel: rows }));
    const section = document.getElementById('by-model')!;
    expect(section.querySelectorAll('tbody')).toHaveLength(3);
    expect([...section.querySelectorAll('th[scope="rowgroup"]')].map((cell) => cell.textContent)).toEqual([
      'Qwen',
      'Llama',
      'Mistral',
    ]);
    expect(section.querySelectorAll('figure svg')).toHaveLength(1);
    expect(document.getElementById('results')!.textContent).toContain('Llama, SFT-Rejected');
  });

  test('shows the evaluations it is given, and has no such section without rows', () => {
    const document = open(renderReport({ evaluations: [rows[0]!.result], byModel: rows }));
    expect(document.getElementById('results')!.textContent).not.toContain('Llama, SFT-Rejected');
    expect(open(renderReport({ evaluations: [rows[0]!.result] })).getElementById('by-model')).toBeNull();
    expect(() => renderReport({ byModel: [] })).toThrow('Option "byModel"');
  });
});
