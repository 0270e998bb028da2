import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { validateDataset } from '../../src/validation/validate-dataset.ts';
import { useExportFolder } from '../preferences/export-files.ts';

const folder = useExportFolder();
const u = (content: string) => ({ role: 'user', content });
const a = (content: string) => ({ role: 'assistant', content });
const s = (content: string) => ({ role: 'system', content });

const leak = '(What you know about me: dry.) Tea?';
const refusal = 'I cannot fulfill your request.';
const loop = 'I love to read about the sea. I love to read about the sea.';
const voice = 'As an AI, I like tea.';
const german =
  'Ich glaube, dass die Tomaten auf dem Balkon nur etwas mehr Sonne und weniger Wasser brauchen.';
const english = 'I sit on the balcony and wait for the tomatoes that you gave me.';
const fact = 'Marit Solheim, 54, forecasts avalanches for the county of Troms in northern Norway';

async function found(rows: readonly object[]): Promise<(readonly [string, number | null])[]> {
  const path = join(folder.dir, 'rows.jsonl');
  await writeFile(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const { findings, errors } = await validateDataset(path);
  expect(errors).toBe(0);
  const structural = ['whole-conversation', 'few-rows', 'plain-text', 'implicit-prompt', 'one-label'];
  return findings
    .filter(({ kind }) => !structural.includes(kind))
    .map(({ kind, line }) => [kind, line] as const);
}

const dpo = (said: string, chosen: string, rejected: string) => ({
  prompt: [u(said)],
  chosen: [a(chosen)],
  rejected: [a(rejected)],
});

describe('content faults of training files', () => {
  test('are found in pairs, by row', async () => {
    const rows = [
      dpo(english, 'Fine, then.', 'How nice for you!'),
      dpo(english, leak, 'How nice.'),
      dpo(english, 'Fine.', refusal),
      dpo(english, voice, 'How nice.'),
      dpo(english, 'Fine.', voice),
      dpo(english, german, 'How nice.'),
      dpo(english, loop, 'How nice.'),
      dpo(english, 'How nice.', 'How nice!'),
      dpo(fact, 'Oh.', 'How nice.'),
    ];
    expect(await found(rows)).toEqual([
      ['prompt-leak', 2],
      ['refusal', 3],
      ['assistant-voice', 4],
      ['wrong-language', 6],
      ['repetition', 7],
      ['near-identical', 8],
      ['benchmark-overlap', 9],
    ]);
  });

  test.each<[string, (response: string) => object]>([
    ['trl-sft', (response) => ({ prompt: [u(english)], completion: [a(response)] })],
    ['messages', (response) => ({ messages: [s('Be kind.'), u(english), a(response)] })],
    ['trl-kto', (response) => ({ prompt: [u(english)], completion: [a(response)], label: true })],
    [
      'openai-preference',
      (response) => ({
        input: { messages: [u(english)] },
        preferred_output: [a(response)],
        non_preferred_output: [a('How nice.')],
      }),
    ],
  ])('are found in rows of %s', async (_format, row) => {
    expect(await found([row(refusal), row('Fine, then.'), row(voice)])).toEqual([
      ['refusal', 1],
      ['assistant-voice', 3],
    ]);
  });

  test('are found in rows of text alone', async () => {
    expect(await found([{ prompt: english, chosen: refusal, rejected: 'Fine.' }])).toEqual([['refusal', 1]]);
  });

  test("a language model's voice may be unlearned, and a system message says what it says", async () => {
    const row = (response: string, label: boolean) => ({
      prompt: [s(leak), u(english)],
      completion: [a(response)],
      label,
    });
    expect(await found([row(voice, false), row('Fine, then.', true), row(refusal, false)])).toEqual([
      ['refusal', 3],
    ]);
  });

  test('equal responses have one finding', async () => {
    const path = join(folder.dir, 'rows.jsonl');
    await writeFile(path, `${JSON.stringify(dpo(english, 'Fine.', 'FINE.'))}\n`);
    const { counts } = await validateDataset(path);
    expect(counts).toMatchObject({ 'identical-pair': 1 });
    expect(counts).not.toHaveProperty('near-identical');
  });
});
