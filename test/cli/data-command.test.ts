import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { trlDpo } from '../../src/preferences/formats/trl-dpo.ts';
import { PreferenceExporter } from '../../src/preferences/preference-exporter.ts';
import { pullWeights } from '../../src/weights/pull-weights.ts';
import { dry, nurse, playedTree } from '../preferences/trees.ts';
import { runAloe } from './run-program.ts';

const row = (prompt: string, completion: string) =>
  `${JSON.stringify({
    prompt: [{ role: 'user', content: prompt }],
    completion: [{ role: 'assistant', content: completion }],
  })}\n`;

describe('aloe data validate', { timeout: 300_000 }, () => {
  let dir: string;
  let good: string;
  let bad: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'aloe-data-'));
    good = join(dir, 'good; touch x.jsonl');
    bad = join(dir, 'bad.jsonl');
    await writeFile(good, row('Tea?', 'Mint?'));
    await writeFile(bad, row('Tea?', ''));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  test('prints nothing on stderr and exits with 0 if there are no errors', async () => {
    const { code, stdout, stderr } = await runAloe(['data', 'validate', good]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('trl-sft, jsonl, 1 row: no errors, no warnings.');
    expect(stdout).not.toContain('\u001b');
  });

  test('exits with 1 if any file has an error, and names line and remedy', async () => {
    const { code, stdout } = await runAloe(['data', 'validate', bad, good]);
    expect(code).toBe(1);
    expect(stdout).toContain('- line 1: This assistant message has no text.');
    expect(stdout).toContain('Remove the row.');
    expect(stdout).toContain('## good; touch x.jsonl');
  });

  test('counts with a local tokenizer', async () => {
    const paths = await pullWeights({ sets: ['all-minilm-l6-v2', 'smollm2-135m-instruct'] });
    for (const tokenizer of Object.values(paths)) {
      const { code, stdout } = await runAloe([
        ...['data', 'validate', good, '--tokenizer', tokenizer, '--max-length', '4', '--json'],
      ]);
      const [report] = JSON.parse(stdout).files;
      expect(report.tokens).toMatchObject({ maxLength: 4 });
      expect(report.tokens.rows.max).toBeGreaterThan(4);
      expect(code).toBe(report.errors > 0 ? 1 : 0);
    }
  });

  test.each([
    ['a format nobody knows', ['--format', 'csv'], 'Option "format": expected one of trl-sft'],
    [
      'a length without a tokenizer',
      ['--max-length', '9'],
      'Option "maxLength": expected no value without a tokenizer',
    ],
    ['a folder that has no tokenizer', ['--tokenizer', './none'], 'There is no tokenizer in'],
    ['an unknown option', ['--strict'], 'There is no option "--strict".'],
  ])('refuses %s', async (_what, words, message) => {
    const { code, stderr } = await runAloe(['data', 'validate', good, ...words]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('aloe data dropped', { timeout: 300_000 }, () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'aloe-dropped-'));
    const turn = (user: string, preferred: string, rejected: string) => ({
      user,
      revealed: ['T1'],
      preferred,
      rejected,
    });
    const tree = playedTree('c\u001b[31m', nurse, dry, [
      turn('Tea?', 'Mint.', 'Mint!'),
      turn('And now?', 'I cannot fulfill your request.', 'More tea.'),
      turn('Then?', 'I cannot fulfill your request, sorry.', 'No more tea.'),
    ]);
    await new PreferenceExporter({ formats: [trlDpo()] }).write([tree], dir);
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  test('prints what was left out by reason, and what was found', async () => {
    const { code, stdout, stderr } = await runAloe(['data', 'dropped', dir, '--rows', '1']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      'refusal: 2. A response refuses to answer.',
      '',
      '  c, turn 2 (i cannot fulfill your request)',
      '  user:      And now?',
      '  preferred: I cannot fulfill your request.',
      '  rejected:  More tea.',
      '',
      'near-identical: 1. The responses differ in hardly a word.',
      '',
      '  c, turn 1 (similarity 1.00)',
      '  user:      Tea?',
      '  preferred: Mint.',
      '  rejected:  Mint!',
      '',
    ]);
  });

  test('takes the file itself, some reasons, and another kind of format', async () => {
    const path = join(dir, 'preferences.jsonl');
    const { stdout } = await runAloe([
      'data',
      'dropped',
      path,
      '--reason',
      'near-identical, refusal',
      '--kind',
      'demonstration',
      '--json',
    ]);
    const { kind, dropped } = JSON.parse(stdout);
    expect(kind).toBe('demonstration');
    expect(dropped.map(({ reason, count }: { reason: string; count: number }) => [reason, count])).toEqual([
      ['refusal', 2],
    ]);
    const nothing = await runAloe(['data', 'dropped', path, '--reason', 'repetition']);
    expect(nothing.stdout).toBe('Nothing was left out.\n');
  });

  test('says what it does not know', async () => {
    const wrong = await runAloe(['data', 'dropped', dir, '--reason', 'boredom']);
    expect(wrong.code).not.toBe(0);
    expect(wrong.stderr).toContain('Option "reason": expected one of bad-conversation');
    const kind = await runAloe(['data', 'dropped', dir, '--kind', 'triple']);
    expect(kind.stderr).toContain('Option "kind": expected one of "pair"');
  });
});
