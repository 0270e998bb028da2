import Papa from 'papaparse';
import { describe, expect, test } from 'vitest';
import { publishedResults } from '../../src/benchmark/index.ts';
import { resultsTable } from '../../src/evaluation/describe/results-table.ts';
import { paperTable, type ResultRow } from '../../src/report/index.ts';
import { evaluationOf } from '../evaluation/evaluation-data.ts';
import { HOSTILE_TEXTS } from './hostile-texts.ts';
import { syntheticEvaluation } from './report-data.ts';

const QWEN = 'Qwen2-7B-Instruct';
const result = (start: number, rise = 0.1) =>
  syntheticEvaluation({ name: `from ${start}`, cases: 8, start, rise, missing: 0 });
const TYPES = ['Base', 'Ours', 'SFT-Preferred', 'SFT-Rejected'];
const rows: ResultRow[] = [
  ...TYPES.map((type, index) => ({ model: QWEN, type, result: result(2.5 + index / 4) })),
  { model: 'Llama', type: 'Base', result: result(3.4, 0) },
  { model: 'Llama', type: 'Ours', result: result(4) },
];
const cellsOf = (line: string) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, ''));
const bodyOf = (markdown: string) => markdown.split('\n').filter((line) => line.startsWith('|'));

describe('paperTable', () => {
  test('groups the rows by base model, with the columns of resultsTable after model and type', () => {
    const [head, , ...body] = bodyOf(paperTable(rows)).map(cellsOf);
    expect(head!.slice(0, 3)).toEqual(['Model', 'Type', 'k=1']);
    expect(body.map(([model, type]) => [model, type])).toEqual([
      [QWEN, 'Base'],
      ['', 'Ours'],
      ['', 'SFT-Preferred'],
      ['', 'SFT-Rejected'],
      ['Llama', 'Base'],
      ['', 'Ours'],
    ]);
    const plain = bodyOf(resultsTable(rows.map((row) => row.result))).map(cellsOf);
    expect(head!.slice(2)).toEqual(plain[0]!.slice(1));
    expect(body.map((cells) => cells.slice(2))).toEqual(plain.slice(2).map((cells) => cells.slice(1)));
  });

  test('gathers the rows of a model that are given apart', () => {
    const mixed = [rows[0]!, rows[4]!, rows[1]!, rows[5]!];
    const types = bodyOf(paperTable(mixed))
      .slice(2)
      .map((line) => cellsOf(line).slice(0, 2));
    expect(types).toEqual([
      [QWEN, 'Base'],
      ['', 'Ours'],
      ['Llama', 'Base'],
      ['', 'Ours'],
    ]);
  });

  test('calls the column as Table 2 does, and names rows by model and type in the notes', () => {
    const text = paperTable(rows, { typeHeading: 'Data Type' });
    expect(text).toContain('| Model | Data Type | k=1 |');
    expect(text).toContain(`- ${QWEN}, Ours: IR `);
    expect(paperTable(rows, { intervals: false })).not.toContain('[');
  });

  test.each([
    ['no rows', [], 'Option "rows"'],
    ['an empty type', [{ ...rows[0]!, type: ' ' }], 'Option "rows[0].type"'],
    ['no result', [{ model: QWEN, type: 'Base' } as ResultRow], 'Option "rows[0].result"'],
    ['the same model and type twice', [rows[0]!, rows[0]!], 'Option "rows[1].type"'],
  ])('refuses %s', (_what, given, message) => {
    for (const format of ['markdown', 'latex', 'csv'] as const) {
      expect(() => paperTable(given, { format })).toThrow(message);
    }
  });
});

describe('ours minus published', () => {
  test('is the difference from the published row of the same model and type', () => {
    const text = paperTable(rows, { published: publishedResults });
    const [head, , base, , , , llama] = bodyOf(text).map(cellsOf);
    expect(head!.slice(-2)).toEqual(['Average - published', 'IR - published']);
    const { average, improvementRate } = rows[0]!.result;
    const expected = [(average! - 3.81).toFixed(2), (improvementRate!.slope - 0.254).toFixed(3)];
    expect(base!.slice(-2)).toEqual(expected);
    expect(llama!.slice(-2)).toEqual(['–', '–']);
    expect(text).toContain('gpt-4o-mini-2024-07-18');
  });

  test('is missing where the turns are not those of the paper', () => {
    const short = { ...rows[0]!, result: evaluationOf([[3, 4, 5]]) };
    const line = bodyOf(paperTable([short], { published: publishedResults }))[2]!;
    expect(cellsOf(line).slice(-2)).toEqual(['–', '–']);
  });

  test('says which models are published if none of them is there', () => {
    const unknown = rows.slice(4);
    expect(() => paperTable(unknown, { published: publishedResults })).toThrow(/OLMo-7B-0724-Instruct Ours/);
  });
});

describe('LaTeX', () => {
  test('is a tabular with a rule between models and as many cells in every row', () => {
    const latex = paperTable(rows, { format: 'latex', published: publishedResults });
    expect(latex).toMatch(/^\\begin\{tabular\}\{ll\*\{19\}\{r\}\}\n\\toprule\n/);
    expect(latex.match(/\\midrule/g)).toHaveLength(2);
    const lines = latex.split('\n').filter((line) => line.includes(' & '));
    expect(new Set(lines.map((line) => line.split(' & ').length))).toEqual(new Set([21]));
    expect(latex).toContain('$k=10$');
    expect(latex).toContain('N-$R^2$');
    expect(latex).toContain('Average $-$ published');
    expect(latex).toContain('gpt-4o-mini-2024-07-18');
    expect(latex).toMatch(/null bands? \{\[\}\$-\$\d/);
    expect(latex).toContain('Brackets are 95 \\% confidence intervals over cases.');
  });

  test('shows foreign names as text', () => {
    const name = 'a_b & 50% $x$ #1 {y} ~^\\input{secret} [z]* <w>';
    const latex = paperTable([{ model: name, type: '[2pt]', result: rows[0]!.result }], { format: 'latex' });
    expect(latex).toContain(
      'a\\_b \\& 50\\% \\$x\\$ \\#1 \\{y\\} \\textasciitilde{}\\textasciicircum{}\\textbackslash{}input\\{secret\\} {[}z{]}{*} \\textless{}w\\textgreater{}',
    );
    expect(latex).not.toMatch(/\\input|\\\\\s*\[/);
  });

  test.each(HOSTILE_TEXTS)('keeps every sign with a meaning escaped: %j', (name) => {
    const latex = paperTable([{ model: name, type: name, result: rows[0]!.result }], { format: 'latex' });
    const line = latex.split('\n').find((each) => each.includes(' & ') && !each.startsWith('Model'))!;
    const [model] = line.split(' & ');
    const bare = model!
      .replace(
        /\\(?:textbackslash|textasciitilde|textasciicircum|textless|textgreater|textbar|textasciigrave)\{\}/g,
        '',
      )
      .replace(/\\[{}$&#_%]/g, '')
      .replace(/\{[[\]*]\}/g, '');
    expect(bare).not.toMatch(/[\\{}$&#_%~^<>|`[\]*]/);
  });
});

describe('CSV', () => {
  const parse = (text: string) =>
    Papa.parse<Record<string, string>>(text.replace(/^\uFEFF/, '').trim(), { header: true });

  test('has the numbers without rounding, each in a column of its own', () => {
    const { data, errors } = parse(paperTable(rows, { format: 'csv', published: publishedResults }));
    expect(errors).toEqual([]);
    expect(data.map(({ model, type }) => `${model} ${type}`)).toEqual(
      rows.map(({ model, type }) => `${model} ${type}`),
    );
    const { average, levels, statistics, improvementRate } = rows[0]!.result;
    expect(Number(data[0]!.average)).toBe(average);
    expect(Number(data[0]!.k10)).toBe(levels[9]!.level);
    expect(Number(data[0]!.average_low)).toBe(statistics.average!.low);
    expect(Number(data[0]!.ir_minus_published)).toBe(improvementRate!.slope - 0.254);
    expect(data[4]!.average_minus_published).toBe('');
    expect(data[0]!.own_minus_other).toBe(String(rows[0]!.result.ownMinusOther?.difference ?? ''));
  });

  test('leaves a missing number empty, and intervals out on request', () => {
    const silent = evaluationOf([[null, null]]);
    const [row] = parse(
      paperTable([{ model: 'm', type: 't', result: silent }], { format: 'csv', intervals: false }),
    ).data;
    expect(row).toMatchObject({ k1: '', average: '', ir: '', scored: '0', asked: '2' });
    expect(Object.keys(row!).join()).not.toMatch(/_low|_high/);
  });

  test.each(['=HYPERLINK("http://evil")', '+1', '-1', '@SUM(A1)', '\t=1', 'a;=1'])(
    'lets no spreadsheet take a name for a formula: %j',
    (name) => {
      const [row] = parse(
        paperTable([{ model: name, type: name, result: rows[0]!.result }], { format: 'csv' }),
      ).data;
      expect(row!.model).toMatch(/'[=+\-@]/);
      expect(row!.type).toMatch(/'[=+\-@]/);
    },
  );

  test('writes negative numbers as numbers', () => {
    const falling = evaluationOf([
      [5, 4, 2],
      [4, 3, 2],
    ]);
    const [row] = parse(paperTable([{ model: 'm', type: 't', result: falling }], { format: 'csv' })).data;
    expect(Number(row!.ir)).toBeLessThan(0);
  });
});
