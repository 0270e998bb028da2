import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { saveConversations } from '../../src/conversations/conversation-files.ts';
import { saveEvaluation } from '../../src/evaluation/evaluation-file.ts';
import { evaluationOf } from '../evaluation/evaluation-data.ts';
import { fixtureTrees } from '../preferences/trees.ts';
import { runAloe } from './run-program.ts';

describe('aloe report', { timeout: 300_000 }, () => {
  let folder: string;
  const at = (name: string) => join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aloe-report-command-'));
    await saveEvaluation(evaluationOf([[2, 3]], { name: 'bare' }), at('bare.json'));
    await saveEvaluation(evaluationOf([[4, 5]], { name: 'tuned' }), at('tuned.json'));
    await saveConversations(fixtureTrees(), at('trees.jsonl'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('writes a page of evaluations and conversations, and prints its path', async () => {
    const files = [at('bare.json'), at('tuned.json'), '--conversations', at('trees.jsonl')];
    const { code, stdout, stderr } = await runAloe([
      'report',
      ...files,
      '--title',
      'Two',
      '--out',
      at('r.html'),
    ]);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `${at('r.html')}\n`, stderr: '' });
    const page = await readFile(at('r.html'), 'utf8');
    expect(page).toContain('<title>Two</title>');
    expect(page).toContain('No clear winner: tuned averages 4.50');
    expect(page).toContain('The corpus has 5 conversations');
  });

  test('--json prints the path as a document', async () => {
    const { code, stdout } = await runAloe(['report', at('bare.json'), '--out', at('j.html'), '--json']);
    expect({ code, document: JSON.parse(stdout) }).toEqual({ code: 0, document: { report: at('j.html') } });
  });

  test.each([
    [['bare.json', '--out', '.'], 'Option "out": expected a file, not a directory'],
    [[], 'There is nothing to report on. Name evaluation files'],
    [['missing.json'], 'cannot be read'],
    [['bare.json', '--colour', 'red'], '--colour'],
  ])('says what is wrong with %j', async (words, message) => {
    const { code, stderr } = await runAloe(['report', ...words], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
