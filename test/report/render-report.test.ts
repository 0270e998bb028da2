import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { InvalidOptionError } from '../../src/errors.ts';
import { compareEvaluations } from '../../src/evaluation/compare-evaluations.ts';
import { describeEvaluation } from '../../src/evaluation/describe/describe-evaluation.ts';
import type { EvaluationResult } from '../../src/evaluation/evaluation-result.ts';
import { qualityOf } from '../../src/preferences/quality.ts';
import type { DroppedRecords } from '../../src/preferences/read-dropped.ts';
import { describePick, describeVerdict } from '../../src/report/describe-verdict.ts';
import {
  type ReportedData,
  type ReportOptions,
  renderMarkdownReport,
  renderReport,
  writeReport,
} from '../../src/report/index.ts';
import type { PageData } from '../../src/report/page-data.ts';
import { VerdictTally } from '../../src/verification/verdict-tally.ts';
import { evaluationOf } from '../evaluation/evaluation-data.ts';
import { activeMarkdown, MARKUP, UNSAFE_CHARACTERS } from '../unsafe-characters.ts';
import { hostileEvaluation, hostileTree } from './hostile-data.ts';
import {
  judgedTree,
  syntheticEvaluation,
  syntheticEvaluations,
  syntheticMetrics,
  syntheticTrees,
} from './report-data.ts';

const bare = syntheticEvaluation({ name: 'bare', cases: 5, turns: 4, rise: 0 });
const tuned = syntheticEvaluation({ name: 'tuned', cases: 5, turns: 4, start: 4, rise: 0.2 });
const options = {
  evaluations: [bare, tuned],
  conversations: syntheticTrees(2),
  training: [{ name: 'job', metrics: syntheticMetrics(8) }],
};

function open(markup: string) {
  const { document } = parseHTML(markup);
  const data: PageData = JSON.parse(document.getElementById('report-data').textContent);
  const sections = [...document.querySelectorAll('main > section')].map(({ id }) => id);
  return { document, data, sections };
}

describe('training data', () => {
  const kept = { kind: 'pair', records: 60, drops: { refusal: 40 } } as const;
  const manifest = {
    schema: 'aloe-manifest/2',
    formats: [kept],
    quality: { kinds: qualityOf([kept]) },
    warnings: ['Something to know <b>.'],
  } as unknown as ReportedData['manifest'];
  const record = {
    conversationId: 'c',
    turn: 2,
    conversation: [{ role: 'user', content: 'Help me.' }],
    preferred: 'I cannot fulfill your request.',
    rejected: '<img src=x onerror=alert(1)>',
    evidence: 'cannot fulfill',
    provenance: { preferredModel: 'teacher', rejectedModel: 'writer' },
  } as unknown as DroppedRecords['records'][number];

  test('shows what became of the decision points, warnings, and records that were left out', () => {
    const data = { manifest, dropped: [{ reason: 'refusal', count: 40, records: [record] }] } as const;
    const { document, sections } = open(renderReport({ data }));
    expect(sections).toContain('data');
    const section = document.getElementById('data');
    const rows = [...section.querySelectorAll('tbody tr')].map((row) =>
      [...row.children].map((cell) => cell.textContent),
    );
    expect(rows).toEqual([
      ['decision points', '', '100'],
      ['refusal', 'A response refuses to answer.', '40 (40.0 %)'],
      ['kept', '', '60 (60.0 %)'],
    ]);
    expect(section.querySelector('.warnings').textContent).toBe('Something to know <b>.');
    expect(section.querySelector('summary').textContent).toBe('refusal: 40 records');
    const texts = [...section.querySelectorAll('.written')].map(({ textContent }) => textContent);
    expect(texts).toEqual(['Help me.', 'I cannot fulfill your request.', '<img src=x onerror=alert(1)>']);
    expect(section.textContent).toContain('Found: cannot fulfill');
    expect([...section.querySelectorAll('.fate')].map(({ textContent }) => textContent)).toEqual([
      'teacher',
      'writer',
    ]);
    expect(section.querySelectorAll('details .note')).toHaveLength(2);
  });

  test('says of a record that was left out what a judge said, and that it is an extra pair', () => {
    const { verdict } = judgedTree().root!.preferred.next!;
    const provenance = { ...record.provenance, sibling: 'rejected' as const, verdict };
    const dropped = [{ reason: 'wrong-way' as const, count: 1, records: [{ ...record, provenance }] }];
    const { document } = open(renderReport({ data: { manifest, dropped } }));
    const notes = [...document.querySelectorAll('#data details .note')].map(({ textContent }) => textContent);
    expect(notes.slice(2)).toEqual([
      'An extra pair: the rejected response was written, but not chosen.',
      'Judge referee: Picks the rejected response in both orders, by 2 of 3.',
    ]);
  });

  test('adds up the counts of a manifest that has no table, and shows verdicts', () => {
    const verdicts = new VerdictTally();
    verdicts.add({ winner: 'preferred', margin: 1, judge: 'j', prompt: 'v@1', orders: [] });
    const former = { ...manifest, quality: undefined, warnings: [] };
    const { document } = open(renderReport({ data: { manifest: former } }));
    expect(document.getElementById('data').textContent).toContain('60 (60.0 %)');
    expect(document.getElementById('data').querySelector('.warnings, .note, details')).toBeNull();
    const judged = { ...manifest, quality: { kinds: [], verdicts: verdicts.result() } };
    expect(
      open(renderReport({ data: { manifest: judged } })).document.getElementById('data').textContent,
    ).toContain('the judge prefers the preferred response in 1');
  });
});

describe('verdicts on pairs', () => {
  test('stand below the example, which is one that the judge confirms, and in what is read without a script', () => {
    const { document } = open(renderReport({ conversations: [judgedTree()] }));
    const notesIn = (selector: string) =>
      [...document.querySelectorAll(selector)]
        .map(({ textContent }) => textContent)
        .filter((each) => each.startsWith('Judge'));
    const picked = 'Judge referee: Picks the preferred response in both orders, by 2 of 3.';
    expect(document.querySelector('#pairs h3').textContent).toContain('turn 1');
    expect(notesIn('#pairs .note')).toEqual([picked]);
    expect(notesIn('noscript .note')).toEqual([
      picked,
      'Judge referee: Picks the rejected response in both orders, by 2 of 3.',
      'Judge referee: Undecided: the orders disagree.',
    ]);
  });

  test.each([
    [[], 'Undecided: the responses are the same, so no judge was asked.'],
    [['equal', 'equal'], 'Undecided: calls them equal in both orders.'],
    [['equal', 'preferred'], 'Undecided: the orders disagree.'],
    [['equal', null], 'Undecided: an order has no usable verdict.'],
  ] as const)('of no winner say why: %j', (picks, words) => {
    const orders = picks.map((picked) => ({ first: 'preferred' as const, picked, strength: 0 }));
    const undecided = { winner: 'undecided', margin: 0, judge: 'j', prompt: 'v@1', orders } as const;
    expect(describeVerdict(undecided)).toBe(words);
  });

  test('say by how much a judge picked one in an order', () => {
    const order = { first: 'preferred', picked: 'rejected' } as const;
    expect([1, 2, 3].map((strength) => describePick({ ...order, strength }))).toEqual([
      'rejected, slightly',
      'rejected, clearly',
      'rejected, by far',
    ]);
    expect(describePick({ ...order, picked: 'equal', strength: 0 })).toBe('equal');
    expect(describePick({ ...order, picked: null, strength: 0 })).toBe('no usable verdict');
  });
});

describe('renderReport', () => {
  test('has the summary first, and a section for all that it was given', () => {
    expect(open(renderReport(options)).sections).toEqual([
      'summary',
      'results',
      'comparisons',
      'levels',
      'costs',
      'heat-maps',
      'users',
      'training',
      'pairs',
      'conversations',
      'settings',
    ]);
    expect(open(renderReport({ evaluations: [bare] })).sections).not.toContain('comparisons');
    expect(open(renderReport({ conversations: options.conversations })).sections).toEqual([
      'summary',
      'pairs',
      'conversations',
    ]);
  });

  test('has the level by situation and by habit, where users have them', () => {
    const interval = { low: 3.5, high: 4.5 };
    const hostile = '<b>hurry</b>';
    const behaving: EvaluationResult = {
      ...bare,
      situations: { levels: [{ name: hostile, cases: 5, level: 4, interval }], following: null },
      habits: [
        {
          name: 'typos',
          cases: { with: 2, without: 3 },
          seen: { by: 'rule', with: { shown: 4, of: 8 }, without: { shown: 1, of: 12 } },
          level: { with: 3, without: 4 },
          difference: -1,
          interval: null,
        },
        {
          name: 'excited',
          cases: { with: 1, without: 4 },
          seen: null,
          level: { with: 3, without: null },
          difference: null,
          interval: null,
        },
      ],
    };
    const rowsOf = (evaluation: EvaluationResult) => {
      const { document } = open(renderReport({ evaluations: [evaluation] }));
      const tables = [
        ...document.querySelectorAll('#users [aria-label="Situations"], #users [aria-label="Habits"]'),
      ];
      return tables.map((table) =>
        [...table.querySelectorAll('tbody tr')].map((row) =>
          [...row.querySelectorAll('td')].map(({ textContent }) => textContent),
        ),
      );
    };
    expect(rowsOf(behaving)).toEqual([
      [[hostile, '5', '4.00[3.50, 4.50]', '–']],
      [
        ['typos', '2/5', '4/8', '1/12', '3.00', '4.00', '-1.00'],
        ['excited', '1/5', 'not measured', 'not measured', '3.00', '–', '–'],
      ],
    ]);
    expect(rowsOf(bare)).toEqual([]);
  });

  test('gives the same bytes for the same data', () => {
    expect(renderReport(options)).toBe(renderReport(structuredClone(options)));
  });

  test('says who is best and by how much', () => {
    const { difference } = compareEvaluations(bare, tuned);
    const { document } = open(renderReport(options));
    const lead = document.querySelector('.lead').textContent;
    expect(lead).toContain(`No clear winner: tuned averages ${tuned.average?.toFixed(2)}`);
    expect(lead).toContain(
      `bare ${bare.average?.toFixed(2)} (n = 5 cases, difference ${difference?.toFixed(2)} [`,
    );
  });

  test('names a winner where the difference is significant', () => {
    const rows = (score: number) => Array.from({ length: 12 }, () => [score, score]);
    const evaluations = [evaluationOf(rows(2), { name: 'low' }), evaluationOf(rows(4), { name: 'high' })];
    const { document } = open(renderReport({ evaluations }));
    expect(document.querySelector('.lead').textContent).toMatch(
      /^high has the highest average level, 4\.00 .*, ahead of low \(n = 12 cases, difference 2\.00 /,
    );
  });

  test('does not call a difference that may be chance a lead', () => {
    const alike = evaluationOf(
      [
        [3, 4],
        [4, 3],
        [3, 3],
      ],
      { name: 'alike' },
    );
    const nearly = evaluationOf(
      [
        [3, 4],
        [4, 4],
        [3, 3],
      ],
      { name: 'nearly' },
    );
    const { document } = open(renderReport({ evaluations: [alike, nearly] }));
    expect(document.querySelector('.lead').textContent).toMatch(/^No clear winner: nearly averages 3\.50/);
  });

  test('claims nothing where the averages are equal, the cases say otherwise, or the settings differ', () => {
    const lead = (evaluations: ReportOptions['evaluations']) =>
      open(renderReport({ evaluations })).document.querySelector('.lead').textContent;
    const one = evaluationOf([[3, 4]], { name: 'one' });
    expect(lead([one, evaluationOf([[4, 3]], { name: 'two' })])).toMatch(
      /^No clear winner: one averages 3\.50, two 3\.50 \(n = 1 case, difference 0\.00/,
    );
    const worse = evaluationOf([[3, 3]], { name: 'worse' });
    const judgedOtherwise = { ...worse.lock.judge, id: 'stricter' };
    const stricter = { ...worse, lock: { ...worse.lock, judge: judgedOtherwise } };
    expect(lead([one, stricter])).toMatch(
      /worse comes next, but their scores are not comparable \(different judge\): see the warnings\.$/,
    );
    const anew = { ...worse, lock: { ...worse.lock, seed: 8 } };
    expect(lead([one, anew])).toMatch(/^No clear winner: one averages 3\.50, worse 3\.00 \(n = 1 case/);
  });

  test('shows names in its notes as they are, without the backslashes of Markdown', () => {
    const named = evaluationOf(
      Array.from({ length: 6 }, () => [2, null, 4]),
      { name: 'a|b_*c*' },
    );
    const { document } = open(
      renderReport({ evaluations: [named, evaluationOf(named.cases.map(() => [3, 3, 3]))] }),
    );
    const notes = document.querySelector('#results .note').textContent;
    expect(notes.split('a|b_*c*').length - 1).toBe(3);
    expect(document.body.textContent).not.toContain('\\|');
  });

  test('shows what is missing and what differs as warnings', () => {
    const torn = evaluationOf([[3, null], [4]], { name: 'torn', turns: 2 });
    const other = {
      ...evaluationOf([
        [3, 4],
        [4, 5],
      ]),
      lock: { ...torn.lock, seed: 8 },
    };
    const { document } = open(renderReport({ evaluations: [torn, other] }));
    const warnings = document.querySelector('.warnings').textContent;
    expect(warnings).toContain('torn: Not scored: 2 of 4');
    const results = document.querySelector('#results').textContent;
    expect(results).toContain('The rows rest on different responses.');
    expect(document.querySelector('#comparisons').textContent).toContain('2/4');
    expect(document.querySelector('#levels').textContent).toContain('Where scores are missing');
    expect(warnings).toContain('Different seed');
  });

  test('shows evaluations over other cases side by side, and says that they are not compared', () => {
    const { document, sections } = open(
      renderReport({
        evaluations: [
          evaluationOf([[3, 4]]),
          evaluationOf(
            [
              [3, 4],
              [4, 4],
            ],
            { name: 'more' },
          ),
        ],
      }),
    );
    expect(sections).not.toContain('comparisons');
    expect(document.querySelector('.warnings').textContent).toContain(
      'could not be compared with the best candidate',
    );
  });

  test('shows how far votes lie apart', () => {
    const split = [
      { judge: 'one', score: 1, status: 'scored' },
      { judge: 'other', score: 5, status: 'scored' },
    ] as const;
    const judgement = { score: 3, status: 'scored', votes: split } as const;
    const cases = bare.cases.map((played) => ({
      ...played,
      turns: played.turns.map((turn) => ({ ...turn, judgement })),
    }));
    const { document } = open(renderReport({ evaluations: [{ ...bare, cases }] }));
    expect(document.querySelector('#results .note').textContent).toContain(
      'bare: Votes on the same response differ by 4.00 points',
    );
  });

  test('tells a result from its rejudged copy, and namesakes from one another', () => {
    const one = evaluationOf([[3, 4]], { name: 'same' });
    const rejudged = { ...one, lock: { ...one.lock, judge: { ...one.lock.judge, id: 'another-judge' } } };
    const names = (evaluations: ReportOptions['evaluations']) =>
      open(renderReport({ evaluations })).data.candidates;
    expect(names([one, rejudged])).toEqual([`same (${one.lock.judge.id})`, 'same (another-judge)']);
    expect(names([one, one])).toEqual(['same', 'same (2)']);
  });

  test('writes each persona once, whoever meets it', () => {
    const { data } = open(renderReport({ evaluations: [bare, tuned] }));
    expect(data.played).toHaveLength(10);
    expect(data.personas).toHaveLength(5);
    expect(data.played[7]?.turns).toEqual(JSON.parse(JSON.stringify(tuned.cases[2]?.turns)));
  });

  test('has no tag and no address of a model’s making', () => {
    const markup = renderReport({ evaluations: [hostileEvaluation()], conversations: [hostileTree()] });
    const { document, data } = open(markup);
    expect([...document.querySelectorAll('script')].map(({ id }) => id)).toEqual(['report-data', '']);
    expect(document.querySelectorAll('img, iframe, link, base, form[action], object, embed').length).toBe(0);
    const policies = document.querySelectorAll('meta[http-equiv]');
    expect(policies.length).toBe(1);
    expect(data.played[0]?.turns).toEqual(JSON.parse(JSON.stringify(hostileEvaluation().cases[0]?.turns)));
  });

  test.each([
    ['evaluations', {}],
    ['evaluations', { evaluations: [] }],
    ['conversations', { conversations: 'all' }],
    ['title', { evaluations: [bare], title: ' ' }],
  ])('refuses wrong options, naming "%s"', (name, wrong) => {
    const act = () => renderReport(wrong as object);
    expect(act).toThrow(InvalidOptionError);
    expect(act).toThrow(`"${name}"`);
  });
});

describe('renderMarkdownReport', () => {
  test('has outcome, table and comparisons', () => {
    // Fewer than six cases have no p-value.
    const evaluations = ['bare', 'tuned'].map((name, index) =>
      syntheticEvaluation({ name, cases: 8, turns: 4, start: 3 + index / 5, rise: 0 }),
    );
    const text = renderMarkdownReport({ evaluations, title: 'Two' });
    expect(text).toMatch(/^# Two\n\nNo clear winner: tuned averages/);
    expect(text).toMatch(/^\| bare \| /m);
    expect(text).toMatch(/^\| tuned vs\. bare \| \+\d\.\d\d \[.*\] \| 0\.\d{3} \| \d \/ \d \/ \d \| /m);
  });

  test('shows hostile names, titles and messages as text', () => {
    const one = hostileEvaluation();
    const { name } = one.candidate;
    const { lock } = one;
    const judged = { ...lock, user: { ...lock.user, model: name }, judge: { ...lock.judge, id: name } };
    const markdown = renderMarkdownReport({ evaluations: [one, { ...one, lock: judged }], title: name });
    for (const text of [markdown, describeEvaluation({ ...one, lock: judged })]) {
      expect(text).not.toMatch(UNSAFE_CHARACTERS);
      expect(activeMarkdown(text)).not.toMatch(MARKUP);
    }
    expect(markdown.match(/^#/gm)).toHaveLength(1);
    const rows = activeMarkdown(markdown).match(/^\|.*$/gm)!;
    expect(rows.slice(0, 4).map((row) => row.split('|').length)).toEqual(
      Array.from({ length: 4 }, () => lock.turns + 10),
    );
  });
});

describe('writeReport', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aloe-report-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('writes the page into folders that it makes, and nothing else', async () => {
    await writeReport(options, join(folder, 'a/b/report.html'));
    expect(await readFile(join(folder, 'a/b/report.html'), 'utf8')).toBe(renderReport(options));
    expect(await readdir(join(folder, 'a/b'))).toEqual(['report.html']);
  });

  test('writes nothing when there is nothing to report on', async () => {
    await expect(writeReport({}, join(folder, 'report.html'))).rejects.toThrow(InvalidOptionError);
    expect(await readdir(folder)).toEqual([]);
  });
});

test('costs have a panel of their own, with the differences between candidates', () => {
  const evaluations = syntheticEvaluations(12, 4).slice(0, 2);
  const markdown = renderMarkdownReport({ evaluations });
  expect(markdown).toMatch(/^\| Words per response \| rules \| \d+\.\d \[.*\] \(.* a turn\) \| \d+\.\d \[/m);
  expect(markdown).toMatch(
    /^\| Difference in cost \| By \| told the persona vs\. bare \|\n.*\n\| Words per response \| rules \| [-+]?\d+\.\d \[.*\] \(n = 12\) \|$/m,
  );
  const page = renderReport({ evaluations });
  expect(page).toContain('<h2 id="costs-heading">What alignment cost</h2>');
  expect(page).toMatch(
    /<th scope="row">Agrees with a false claim<\/th><td class="text">rules<\/td><td>not measured/,
  );
  expect(page).toMatch(
    /<th scope="row">Words per response<\/th><td class="text">rules<\/td><td>[-+]\d+\.\d<span class="interval">\[.*\] \(n = 12\)</,
  );
  expect(page).toContain('Own − other');
});
