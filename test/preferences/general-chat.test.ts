import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { InvalidFileError } from '../../src/errors.ts';
import type { PreferenceExporterOptions } from '../../src/preferences/exporter-options.ts';
import { trlDpo } from '../../src/preferences/formats/trl-dpo.ts';
import { trlSft } from '../../src/preferences/formats/trl-sft.ts';
import { type MixOptions, openGeneralChat } from '../../src/preferences/general-chat.ts';
import { PreferenceExporter } from '../../src/preferences/preference-exporter.ts';
import { useExportFolder } from './export-files.ts';
import { fixtureTrees } from './trees.ts';

const folder = useExportFolder();

/** As CodeActInstruct has them: a system message, then a user who also speaks for the environment. */
const codeAct = (index: number) => ({
  id: `task_${index}`,
  conversations: [
    { role: 'system', content: 'You can run Python.' },
    { role: 'user', content: `Task ${index}: how many primes are below 10?` },
    { role: 'assistant', content: `<execute>print(${index})</execute>` },
    { role: 'user', content: `Observation: ${index}` },
    { role: 'assistant', content: `The answer to task ${index} is 4.` },
  ],
});
const shareGpt = {
  conversations: [
    { from: 'human', value: 'Say hi 😴' },
    { from: 'gpt', value: ' Hi 😴 ' },
    { from: 'human', value: 'Bye' },
  ],
};

async function generalFile(lines: readonly unknown[]): Promise<string> {
  const path = join(folder.dir, 'general.jsonl');
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  await writeFile(path, text);
  return path;
}

async function drawAll(path: string, seed = 0) {
  const chat = await openGeneralChat({ path, ratio: 1 }, { seed });
  const drawn = await Array.fromAsync(chat.draw(100));
  await chat.close();
  return { drawn, summary: chat.summary() };
}

describe('openGeneralChat', () => {
  test('reads the roles of CodeActInstruct and of ShareGPT, each conversation as one row', async () => {
    const path = await generalFile([codeAct(1), '', shareGpt]);
    const { drawn, summary } = await drawAll(path);
    expect(drawn).toHaveLength(2);
    const task = drawn.find(({ conversation }) => conversation[0]!.role === 'system')!;
    expect(task.conversation.map(({ role }) => role).slice(0, 2)).toEqual(['system', 'user']);
    expect(task.preferred).toMatch(/^(<execute>print\(1\)<\/execute>|The answer to task 1 is 4\.)$/);
    expect(drawn).toContainEqual({
      conversation: [{ role: 'user', content: 'Say hi 😴' }],
      preferred: 'Hi 😴',
    });
    expect(summary).toMatchObject({
      file: 'general.jsonl',
      conversations: 2,
      unusable: 0,
      rows: 2,
      missing: 98,
      license: null,
    });
    expect(summary.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test('gives every turn of a conversation its chance', async () => {
    const path = await generalFile(Array.from({ length: 60 }, (_, index) => codeAct(index)));
    const { drawn } = await drawAll(path);
    const first = drawn.filter(({ conversation }) => conversation.length === 2).length;
    expect(first).toBeGreaterThan(15);
    expect(first).toBeLessThan(45);
    expect(new Set(drawn.map(({ conversation }) => conversation[1]!.content)).size).toBe(60);
  });

  test('draws the same by the same seed, and another order by another', async () => {
    const path = await generalFile(Array.from({ length: 20 }, (_, index) => codeAct(index)));
    const [one, again, other] = [await drawAll(path, 1), await drawAll(path, 1), await drawAll(path, 2)];
    expect(again.drawn).toEqual(one.drawn);
    expect(other.drawn).not.toEqual(one.drawn);
  });

  test('counts what cannot be used and goes on', async () => {
    const messages = (...roles: string[]) => ({ messages: roles.map((role) => ({ role, content: 'x' })) });
    const path = await generalFile([
      'no json',
      '[]',
      { text: 'no messages' },
      messages('assistant', 'user'),
      messages('user', 'tool'),
      messages('user'),
      {
        messages: [
          { role: 'user', content: 'x' },
          { role: 'assistant', content: [] },
        ],
      },
      {
        messages: [
          { role: 'user', content: 'x' },
          { role: 'assistant', content: ' ' },
        ],
      },
      { messages: [{ role: '__proto__', content: 'x' }] },
      {
        messages: [
          { role: 'user', content: 'caf\ufffd' },
          { role: 'assistant', content: 'x' },
        ],
      },
      messages('user', 'assistant', 'assistant'),
    ]);
    const { drawn, summary } = await drawAll(path);
    expect(drawn).toEqual([{ conversation: [{ role: 'user', content: 'x' }], preferred: 'x' }]);
    expect(summary).toMatchObject({ conversations: 1, unusable: 10 });
  });

  test('stops at an abort, with the reason', async () => {
    const path = await generalFile([codeAct(1), codeAct(2)]);
    const controller = new AbortController();
    const chat = await openGeneralChat({ path, ratio: 1 }, { seed: 0, signal: controller.signal });
    const reason = new Error('closing time');
    const rows = chat.draw(2);
    expect((await rows.next()).done).toBe(false);
    controller.abort(reason);
    await expect(rows.next()).rejects.toBe(reason);
    await chat.close();
  });

  test('refuses a file without conversations, and one that is not there', async () => {
    await expect(drawAll(await generalFile(['{}']))).rejects.toThrow(/has no usable conversations/);
    await expect(drawAll(join(folder.dir, 'none.jsonl'))).rejects.toThrow(InvalidFileError);
  });
});

describe('mix', () => {
  const write = (options: Partial<PreferenceExporterOptions>) =>
    new PreferenceExporter({
      formats: [trlSft(), trlDpo()],
      validationShare: 0.3,
      seed: 2,
      ...options,
    }).write(fixtureTrees(), folder.dir);
  const isGeneral = (row: Record<string, unknown>) => JSON.stringify(row).includes('You can run Python.');

  test.each([0.5, 1, 2.3])(
    'puts %d general rows beside each of the demonstrations in training',
    async (ratio) => {
      const plain = await write({});
      const path = await generalFile(Array.from({ length: 99 }, (_, index) => codeAct(index)));
      const manifest = await write({ mix: { path, ratio, license: 'apache-2.0' } });
      const own = plain.formats[0]!.rows.train;
      const rows = await folder.rows('trl-sft.train.jsonl');
      expect(rows.filter(isGeneral)).toHaveLength(Math.floor(own * ratio + 1e-9));
      expect(manifest.mix).toMatchObject({ ratio, rows: rows.filter(isGeneral).length, missing: 0 });
      expect(manifest.formats[0]).toMatchObject({
        records: plain.formats[0]!.records,
        rows: { train: rows.length, validation: plain.formats[0]!.rows.validation },
      });
      expect((await folder.rows('trl-sft.validation.jsonl')).some(isGeneral)).toBe(false);
      expect((await folder.rows('trl-dpo.train.jsonl')).some(isGeneral)).toBe(false);
    },
  );

  test('keeps a conversation’s own system prompt', async () => {
    const path = await generalFile([codeAct(1)]);
    await write({ formats: [trlSft({ system: 'Be a friend.' })], mix: { path, ratio: 1 } });
    const prompts = (await folder.rows('trl-sft.train.jsonl')).map(
      ({ prompt }) => prompt as { content: string }[],
    );
    const systems = prompts.map(([first]) => first!.content);
    expect(systems.filter((content) => content === 'You can run Python.')).toHaveLength(1);
    expect(new Set(systems)).toEqual(new Set(['Be a friend.', 'You can run Python.']));
  });

  test('says where the file ends too soon, and where nothing takes it', async () => {
    const path = await generalFile([codeAct(1)]);
    const manifest = await write({ mix: { path, ratio: 1 } });
    expect(manifest.mix).toMatchObject({ rows: 1 });
    expect(manifest.warnings.join()).toMatch(
      /general\.jsonl has too few conversations for the ratio: \d+ rows/,
    );
    const pairs = await write({ formats: [trlDpo()], mix: { path, ratio: 1 } });
    expect(pairs.warnings.join()).toContain('was not mixed in');
  });

  test('counts what a huge ratio asks for without going through it', async () => {
    const path = await generalFile([codeAct(1), codeAct(2)]);
    const ratio = 1e12;
    const manifest = await write({ mix: { path, ratio } });
    const own = manifest.formats[0]!.rows.train - 2;
    expect(manifest.mix).toMatchObject({ rows: 2, missing: own * ratio - 2 });
  });

  test.each([
    ['mix.ratio', { path: 'x', ratio: 0 }],
    ['mix.ratio', { path: 'x', ratio: Number.NaN }],
    ['mix.path', { path: '', ratio: 1 }],
    ['mix', 'general.jsonl' as unknown as MixOptions],
  ])('a wrong %s is named', (option, mix) => {
    expect(() => new PreferenceExporter({ formats: [trlSft()], mix })).toThrow(`Option "${option}"`);
  });
});
