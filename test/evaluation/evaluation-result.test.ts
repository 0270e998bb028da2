import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InvalidFileError } from '../../src/errors.ts';
import { describeEvaluation } from '../../src/evaluation/describe/describe-evaluation.ts';
import { resultsTable } from '../../src/evaluation/describe/results-table.ts';
import { readEvaluation, saveEvaluation } from '../../src/evaluation/evaluation-file.ts';
import type { Interval } from '../../src/metrics/index.ts';
import { evaluationOf } from './evaluation-data.ts';

const whole = evaluationOf([
  [1, 2, 4],
  [3, 4, 5],
]);
const rising = [
  [1, 2, 3],
  [2, 2, 3],
  [2, 3, 4],
  [3, 3, 4],
  [2, 3, 4],
  [2, 4, 4],
];
const broken = evaluationOf([[1, 2, 4], [3, null, 5], [2]], { name: 'a|b\nc', turns: 3 });

describe('the summary', () => {
  it('follows from the cases', () => {
    expect(whole.levels.map(({ level }) => level)).toEqual([2, 3, 4.5]);
    expect(whole.average).toBeCloseTo(9.5 / 3, 12);
    expect(whole.improvementRate?.slope).toBeCloseTo(1.25, 12);
    expect(whole.normalizedImprovementRate?.slope).toBeCloseTo(0.5, 12);
    expect(whole.normalizedImprovementRate?.r2).toBe(whole.improvementRate?.r2);
  });

  it('counts what is missing, also behind a failure', () => {
    expect(broken.levels).toEqual([
      { turn: 1, level: 2, scored: 3, asked: 3 },
      { turn: 2, level: 2, scored: 1, asked: 3 },
      { turn: 3, level: 4.5, scored: 2, asked: 3 },
    ]);
  });
});

describe('resultsTable', () => {
  it('has the columns of Table 1, levels with two decimals and rates with three', () => {
    expect(resultsTable([whole], { intervals: false })).toBe(
      [
        '| Model | k=1 | k=2 | k=3 | Average | IR | N-IR | R2 | N-R2 | Scored |',
        '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
        '| candidate | 2.00 | 3.00 | 4.50 | 3.17 | 1.250 | 0.500 | 0.987 | 0.987 | 6/6 |',
        '',
      ].join('\n'),
    );
  });

  it('shows how many scores stand behind a level where some are missing, and keeps names in their cell', () => {
    expect(resultsTable([broken]).split('\n')[2]).toMatch(
      /^\| a\\\|b c \| 2\.00 \| 2\.00 \(1\/3\) \| 4\.50 \(2\/3\) \|.* 6\/9 \|$/,
    );
  });

  it('shows a dash for what could not be had', () => {
    const nothing = evaluationOf([[null, null]]);
    expect(resultsTable([nothing]).split('\n')[2]).toBe(
      '| candidate | – | – | – | not measured | – | – | – | – | 0/2 |',
    );
    const flat = evaluationOf([[4, 4]]);
    expect(resultsTable([flat]).split('\n')[2]).toBe(
      '| candidate | 4.00 | 4.00 | 4.00 | not measured | 0.000 | – | – | – | 2/2 |',
    );
  });

  it('says below in words what keeps a row from being compared with the first', () => {
    const rows = [whole, { ...whole, lock: { ...whole.lock, judge: { id: 'stricter', prompts: [] } } }];
    for (const intervals of [true, false]) {
      const table = resultsTable(rows, { intervals });
      expect(table).toMatch(
        /^- .* vs\. the first row: Different judge: stricter vs\. own-judge\. Scores from/m,
      );
      expect(table.split('Different')).toHaveLength(2);
    }
    expect(resultsTable([whole, whole])).not.toContain('Different');
  });

  it('lines up results of different length', () => {
    const rows = resultsTable([whole, evaluationOf([[5]])], { intervals: false })
      .trimEnd()
      .split('\n')
      .filter((line) => line.startsWith('|'));
    expect(new Set(rows.map((row) => row.split(/(?<!\\)\|/).length)).size).toBe(1);
    expect(rows[3]).toContain('| 5.00 | – | – | 5.00 |');
  });

  it('shows intervals over cases, and below whether a model that does not improve would reach the rates', () => {
    const [, , row, ...notes] = resultsTable([evaluationOf(rising)]).split('\n');
    const { average, improvementRate, nullBand } = evaluationOf(rising).statistics;
    const shown = (interval: Interval | null, places: number) =>
      `[${interval!.low.toFixed(places)}, ${interval!.high.toFixed(places)}]`;
    expect(row).toMatch(/^\| candidate \| 2\.00 \| 2\.83 \| 3\.67 \| 2\.83 \[/);
    expect(row).toContain(
      `| 2.83 ${shown(average, 2)} | not measured | 0.833 ${shown(improvementRate, 3)} | 0.500 |`,
    );
    expect(notes).toEqual([
      '',
      'Brackets are 95 % confidence intervals over cases.',
      expect.stringMatching(
        /^- candidate: IR 0\.833 is outside the range expected with no improvement \(95 % null band .*\); N-IR 0\.500 /,
      ),
      '- Own minus other: not measured, since the responses were not judged for another persona.',
      '',
    ]);
    expect(notes[2]).toContain(shown(nullBand.improvementRate, 3));
  });

  it('says that a flat row is not distinguishable from no improvement', () => {
    const flat = evaluationOf(
      Array.from({ length: 6 }, (_, index) => [3, 4, 3, 4].map((x) => x - (index % 2))),
    );
    expect(resultsTable([flat])).toContain(
      'IR 0.200 and N-IR 0.200 are not distinguishable from no improvement',
    );
  });

  it('finds no improvement where no case changes and scores are missing', () => {
    // The band then has no width, and the rate equals it but for rounding.
    const tables = [
      [
        [5, 5, 5, 5, 5, 5],
        [5, 5, 5, null, null, null],
        [3, 3, 3, null, 3, 3],
      ],
      [
        [null, null, 4, 4, null, 4, null, 4, 4, 4],
        [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
        [2, 2, 2, 2, 2, 2, 2, null, 2, 2],
      ],
    ];
    for (const table of tables) {
      expect(resultsTable([evaluationOf(table)])).not.toContain('outside the range');
    }
  });

  it('has no intervals of fewer than five cases', () => {
    const { statistics } = evaluationOf(rising.slice(0, 4));
    expect(statistics).toMatchObject({ average: null, improvementRate: null, levels: [null, null, null] });
    expect(resultsTable([evaluationOf(rising.slice(0, 4))])).not.toContain('Brackets');
  });

  it('prints no negative zero', () => {
    const falling = Array.from({ length: 2500 }, (_, index) => (index === 0 ? [4, 3] : [4, 4]));
    expect(resultsTable([evaluationOf(falling)])).not.toContain('-0.000');
  });
});

describe('describeEvaluation', () => {
  it('says what was evaluated', () => {
    const text = describeEvaluation(whole);
    expect(text).toContain(resultsTable([whole]));
    expect(text).toContain('2 cases, 3 turns, seed 7. Simulated user: user-model. Judge: own-judge.');
    expect(text).not.toContain('Not scored');
  });

  it('says what has no score and why', () => {
    const text = describeEvaluation(broken);
    expect(text).toContain(
      'Not scored: 3 of 9 responses (malformed-verdict 1, not-reached 2). The numbers rest on the other 6.',
    );
    expect(text).toContain('- case-3 ended at turn 2 (candidate, model-call-failed): `It was full.`');
  });

  it('lists ten failures and counts the rest', () => {
    const text = describeEvaluation(
      evaluationOf([[3, 3], ...Array.from({ length: 12 }, () => [3])], { turns: 2 }),
    );
    expect(text.match(/ended at turn/g)).toHaveLength(10);
    expect(text).toContain('- and 2 more');
  });

  it('leaves the result plain data', () => {
    expect(structuredClone(whole)).toEqual(JSON.parse(JSON.stringify(whole)));
  });
});

describe('the file', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'aloe-evaluation-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  it('gives back what was saved, with its view', async () => {
    const path = join(dir, 'results', 'one.json');
    await saveEvaluation(broken, path);
    const read = await readEvaluation(path);
    expect(read).toEqual(broken);
    expect(describeEvaluation(read)).toBe(describeEvaluation(broken));
    expect(await readdir(join(dir, 'results'))).toEqual(['one.json']);
  });

  it('works the statistics out again from the cases', async () => {
    const path = join(dir, 'one.json');
    const statistics = { ...whole.statistics, average: { low: 1, high: 2 } };
    await saveEvaluation({ ...whole, average: 5, statistics }, path);
    expect(await readEvaluation(path)).toEqual(whole);
  });

  type Change = (
    data: Record<string, unknown> & { cases: { turns: { turn: number; judgement: object }[] }[] },
  ) => void;
  const changes: [string, Change, string][] = [
    [
      'another schema',
      (data) => {
        data.schema = 'aloe-evaluation/9';
      },
      'schema',
    ],
    [
      'a missing part',
      (data) => {
        delete data.lock;
      },
      'lock',
    ],
    [
      'the schema of a former version',
      (data) => {
        data.schema = 'aloe-evaluation/1';
      },
      'version 1 has no lock',
    ],
    [
      'no cases',
      (data) => {
        data.cases = [];
      },
      'cases',
    ],
    [
      'a score of 6',
      (data) => {
        data.cases[0]!.turns[1]!.judgement = { score: 6, status: 'scored' };
      },
      'judgement.score',
    ],
    [
      'a score where there can be none',
      (data) => {
        data.cases[0]!.turns[1]!.judgement = { score: 3, status: 'judge-failed' };
      },
      'judgement',
    ],
    [
      'a good score for an empty response',
      (data) => {
        data.cases[0]!.turns[1]!.judgement = { score: 3, status: 'no-response' };
      },
      'judgement',
    ],
    [
      'turns with a gap',
      (data) => {
        data.cases[0]!.turns.splice(0, 1);
      },
      'turns',
    ],
    [
      'more turns than it says',
      (data) => {
        Object.assign(data.lock as object, { turns: 2 });
      },
      'cases',
    ],
    [
      'the same simulation twice',
      (data) => {
        data.cases.push(data.cases[0]!);
      },
      'cases',
    ],
    [
      'a case taken out',
      (data) => {
        data.cases.pop();
      },
      'as many cases and repeats as the lock says',
    ],
    [
      'a case given more weight',
      (data) => {
        data.cases.push(Object.assign({ ...data.cases[0]! }, { repeat: 2 }));
      },
      'as many cases and repeats as the lock says',
    ],
    [
      'so many turns that their tables would fill the memory',
      (data) => {
        Object.assign(data.lock as object, { turns: 451 });
      },
      'lock.turns',
    ],
  ];

  it.each(changes)('refuses %s, saying where', async (_name, change, where) => {
    const data = JSON.parse(JSON.stringify(whole));
    change(data);
    const path = join(dir, 'one.json');
    await writeFile(path, JSON.stringify(data));
    const error = await readEvaluation(path).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(InvalidFileError);
    expect((error as Error).message).toContain(path);
    expect((error as Error).message).toContain(where);
  });

  it('refuses a file that is not there, is not JSON or is cut off', async () => {
    await expect(readEvaluation(join(dir, 'none.json'))).rejects.toThrow('cannot be read');
    const path = join(dir, 'one.json');
    await saveEvaluation(whole, path);
    await writeFile(path, (await readFile(path, 'utf8')).slice(0, -20));
    await expect(readEvaluation(path)).rejects.toThrow('is not JSON');
  });
});
