import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConversations } from '../../src/conversations/conversation-files.ts';
import { readEvaluation } from '../../src/evaluation/evaluation-file.ts';
import { PersonaPool } from '../../src/personas/persona-pool.ts';
import { type Finished, runAloe } from './run-program.ts';

describe('aloe demo', () => {
  let folder: string;
  let printed: Finished;
  const report = () => join(folder, 'aloe-demo/report.html');

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aloe-demo-command-'));
    printed = await runAloe(['demo'], { cwd: folder });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('says what it is, the levels, a pair side by side, and where the report is', async () => {
    const { code, stdout, stderr } = printed;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [bare, adapted] = await Promise.all(
      ['bare', 'adaptive'].map((name) => readEvaluation(join(folder, `aloe-demo/evaluation-${name}.json`))),
    );
    expect(stdout).toContain(`bare        ${bare!.average!.toFixed(2)}`);
    expect(stdout).toContain(`adaptive    ${adapted!.average!.toFixed(2)}`);
    expect(stdout).toMatch(/PREFERRED: was told this +REJECTED: was not/);
    expect(stdout.replace(/\s+/g, ' ')).toContain('no model was called');
    expect(stdout).toContain('aloe-demo/report.html');
    const lines = stdout.trimEnd().split('\n');
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80);
    expect(lines.length).toBeLessThan(25);
  });

  test('writes the report, and the files that a study of your own would give', async () => {
    expect(await readFile(report(), 'utf8')).toContain('<title>Demo');
    const trees = await Array.fromAsync(readConversations(join(folder, 'aloe-demo/conversations.jsonl')));
    const pool = await PersonaPool.read(join(folder, 'aloe-demo/personas.json'));
    expect(trees.map(({ persona }) => persona.profile.id)).toEqual(pool.profiles.map(({ id }) => id));
    const data = await readdir(join(folder, 'aloe-demo/data'));
    expect(data).toEqual(expect.arrayContaining(['trl-dpo.train.jsonl', 'trl-sft.train.jsonl']));
    const checked = await runAloe(['data', 'validate', ...data.filter((name) => /^trl-.*train/.test(name))], {
      cwd: join(folder, 'aloe-demo/data'),
    });
    expect(checked.code).toBe(0);
  });

  test('--json prints one document with the same numbers, and --out chooses the directory', async () => {
    const { code, stdout, stderr } = await runAloe(['demo', '--json', '--out', 'other'], { cwd: folder });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ report: join(folder, 'other/report.html'), dir: join(folder, 'other') });
    for (const { name, average } of document.candidates) {
      expect(average).toBe((await readEvaluation(join(folder, `other/evaluation-${name}.json`))).average);
    }
    expect(await readFile(document.report, 'utf8')).toBe(await readFile(report(), 'utf8'));
  });

  test.runIf(process.platform === 'linux')(
    '--open hands the report to the desktop, or says where it is',
    async () => {
      const opener = join(folder, 'xdg-open');
      await writeFile(opener, `#!/bin/sh\nprintf %s "$1" > "${join(folder, 'opened')}"\n`);
      await chmod(opener, 0o755);
      const env = { PATH: `${folder}${delimiter}${process.env.PATH}` };
      expect((await runAloe(['demo', '--open'], { cwd: folder, env })).code).toBe(0);
      await expect.poll(() => readFile(join(folder, 'opened'), 'utf8').catch(() => '')).toBe(report());

      const alone = await runAloe(['demo', '--open'], { cwd: folder, env: { PATH: join(folder, 'none') } });
      expect(alone.code).toBe(0);
      expect(alone.stderr).toContain(`Open it in a browser: ${report()}`);
    },
  );

  test.each([
    [['--out', 'taken/inside'], 'taken'],
    [['--opne'], 'Did you mean "--open"?'],
    [['now'], 'Unexpected argument "now"'],
  ])('says what is wrong with %j', async (words, message) => {
    await writeFile(join(folder, 'taken'), '');
    const { code, stdout, stderr } = await runAloe(['demo', ...words], { cwd: folder });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });
});
