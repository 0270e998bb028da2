import { describe, expect, test } from 'vitest';
import { InvalidOptionError } from '../../src/errors.ts';
import { axolotl } from '../../src/preferences/formats/axolotl.ts';
import { llamaFactory } from '../../src/preferences/formats/llama-factory.ts';
import { openaiPreference } from '../../src/preferences/formats/openai-preference.ts';
import { openaiSft } from '../../src/preferences/formats/openai-sft.ts';
import type { FormatOptions } from '../../src/preferences/formats/prompt-messages.ts';
import { trlDpo } from '../../src/preferences/formats/trl-dpo.ts';
import { trlKto } from '../../src/preferences/formats/trl-kto.ts';
import { trlSft } from '../../src/preferences/formats/trl-sft.ts';
import type { PreferenceFormat } from '../../src/preferences/preference-format.ts';
import { preferenceRecords } from '../../src/preferences/records.ts';
import { preferenceFormatConformance } from '../../src/testing/preference-format-conformance.ts';
import { fixtureTrees } from './trees.ts';

const records = fixtureTrees().flatMap((tree) => [...preferenceRecords(tree)]);
const system = 'You are a good friend. Keep it short.';

function lines(format: PreferenceFormat): string {
  return records
    .flatMap((record) => format.rows(record))
    .map((row) => `${JSON.stringify(row)}\n`)
    .join('');
}

const base = 'Qwen/Qwen2.5-0.5B-Instruct';
const engine = (make: typeof axolotl, method: 'sft' | 'dpo') => (options: FormatOptions) =>
  make({ base, method, ...options });

describe.each([
  {
    make: engine(axolotl, 'sft'),
    name: 'axolotl-sft',
    kind: 'demonstration',
    keys: ['messages'],
  },
  {
    make: engine(axolotl, 'dpo'),
    name: 'axolotl-dpo',
    kind: 'pair',
    keys: ['messages', 'chosen', 'rejected'],
  },
  {
    make: engine(llamaFactory, 'sft'),
    name: 'llama-factory-sft',
    kind: 'demonstration',
    keys: ['messages'],
  },
  {
    make: engine(llamaFactory, 'dpo'),
    name: 'llama-factory-dpo',
    kind: 'pair',
    keys: ['messages', 'chosen', 'rejected'],
  },
  { make: openaiSft, name: 'openai-sft', kind: 'demonstration', keys: ['messages'] },
  { make: trlKto, name: 'trl-kto', kind: 'pair', keys: ['prompt', 'completion', 'label'] },
  { make: trlSft, name: 'trl-sft', kind: 'demonstration', keys: ['prompt', 'completion'] },
  { make: trlDpo, name: 'trl-dpo', kind: 'pair', keys: ['prompt', 'chosen', 'rejected'] },
  {
    make: openaiPreference,
    name: 'openai-preference',
    kind: 'pair',
    keys: ['input', 'preferred_output', 'non_preferred_output'],
  },
])('$name', ({ make, name, kind, keys }) => {
  test('writes the rows of its golden file', async () => {
    await expect(lines(make({}))).toMatchFileSnapshot(`../golden/preferences/${name}.jsonl`);
  });

  test('puts a serving-time system prompt in front of every conversation', async () => {
    await expect(lines(make({ system }))).toMatchFileSnapshot(`../golden/preferences/${name}.system.jsonl`);
  });

  test('says its name and kind, and gives the same keys in the same order on every row', () => {
    const format = make({});
    expect([format.name, format.kind]).toEqual([name, kind]);
    for (const record of records) {
      for (const row of format.rows(record)) expect(Object.keys(row)).toEqual(keys);
    }
  });

  test.each(preferenceFormatConformance(() => make({})))('keeps the contract: $name', ({ run }) => run());

  test('refuses a system prompt that is empty', () => {
    expect(() => make({ system: ' \n' })).toThrow(InvalidOptionError);
  });
});

describe('variables of the chat template', () => {
  const chatTemplateKwargs = { enable_thinking: false, date_string: '26 Jul 2024' };

  test.each([
    ['trlSft()', trlSft({ chatTemplateKwargs }), trlSft()],
    ['trlDpo()', trlDpo({ chatTemplateKwargs }), trlDpo()],
  ] as const)('are in every row of %s, with their types, and change nothing else', (_name, format, plain) => {
    for (const record of records) {
      const expected = plain
        .rows(record)
        .map((row) => ({ ...row, chat_template_kwargs: chatTemplateKwargs }));
      expect(format.rows(record)).toEqual(expected);
    }
    expect(format.columns).toEqual({
      ...plain.columns,
      chat_template_kwargs: { date_string: 'string', enable_thinking: 'boolean' },
    });
  });

  test('none is the same as leaving them out', () => {
    expect(lines(trlSft({ chatTemplateKwargs: {} }))).toBe(lines(trlSft()));
  });

  test.each([
    [{ messages: 'x' }, 'no "messages"'],
    [{ 'enable-thinking': false }, 'names of variables'],
    [{ documents: [] as never }, 'a text, a whole number, true or false'],
    ['{"enable_thinking":false}' as never, 'variables by name'],
  ])('%j is refused', (wrong, message) => {
    expect(() => trlDpo({ chatTemplateKwargs: wrong })).toThrow(message);
  });
});
