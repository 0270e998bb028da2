import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { ByteWriter, parquetWrite } from 'hyparquet-writer';
import { describe, expect, test } from 'vitest';
import { InvalidFileError, InvalidOptionError } from '../../src/errors.ts';
import { axolotl } from '../../src/preferences/formats/axolotl.ts';
import { llamaFactory } from '../../src/preferences/formats/llama-factory.ts';
import { openaiPreference } from '../../src/preferences/formats/openai-preference.ts';
import { openaiSft } from '../../src/preferences/formats/openai-sft.ts';
import { parquet } from '../../src/preferences/formats/parquet.ts';
import { trlDpo } from '../../src/preferences/formats/trl-dpo.ts';
import { trlKto } from '../../src/preferences/formats/trl-kto.ts';
import { trlSft } from '../../src/preferences/formats/trl-sft.ts';
import { PreferenceExporter } from '../../src/preferences/preference-exporter.ts';
import type { Tokenizer } from '../../src/tokenizers/tokenizer.ts';
import type { DatasetFormat } from '../../src/validation/dataset-formats.ts';
import { describeDataset } from '../../src/validation/dataset-report.ts';
import { FINDING_KINDS } from '../../src/validation/finding-kinds.ts';
import { validateDataset } from '../../src/validation/validate-dataset.ts';
import { useExportFolder } from '../preferences/export-files.ts';
import { fixtureTrees } from '../preferences/trees.ts';

const folder = useExportFolder();

async function file(lines: string | Uint8Array | readonly unknown[], name = 'rows.jsonl'): Promise<string> {
  const path = join(folder.dir, name);
  const content =
    typeof lines === 'string' || lines instanceof Uint8Array
      ? lines
      : lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');
  await writeFile(path, content);
  return path;
}

const u = (content: unknown) => ({ role: 'user', content });
const a = (content: unknown) => ({ role: 'assistant', content });
const s = (content: unknown) => ({ role: 'system', content });
const tool = (content: unknown) => ({ role: 'tool', content });

/** A conversation as ShareGPT writes it. */
const shareGpt = (...roles: string[]) => roles.map((from) => ({ from, value: from }));

/** A row that nothing is wrong with. */
const dpo = { prompt: [u('Tea?')], chosen: [a('Mint, then?')], rejected: [a('Tea is a drink.')] };
const sft = { prompt: [s('Be brief.'), u('Tea?')], completion: [a('Mint, then?')] };
const hosted = {
  input: { messages: [u('Tea?')] },
  preferred_output: [a('Mint, then?')],
  non_preferred_output: [a('Tea is a drink.')],
};

/** Kinds found, with the lines. */
async function kinds(
  lines: Parameters<typeof file>[0],
  format: DatasetFormat | 'auto' = 'auto',
): Promise<(readonly [string, number | null])[]> {
  const { findings } = await validateDataset(await file(lines), format);
  return findings.map(({ kind, line }) => [kind, line] as const);
}

describe('what the exporter writes', () => {
  test('is recognised and found without a fault, in every format', async () => {
    const base = 'any/model';
    const system = 'Be a friend.';
    const formats = [
      trlSft({ system }),
      trlDpo(),
      trlKto(),
      openaiSft(),
      openaiPreference({ system }),
      axolotl({ method: 'sft', base }),
      axolotl({ method: 'dpo', base }),
      llamaFactory({ method: 'sft', base }),
      llamaFactory({ method: 'dpo', base, system }),
    ];
    const inParquet = [trlSft(), trlDpo(), trlKto(), openaiPreference()].map((format) => parquet(format));
    await new PreferenceExporter({ formats: [...formats, ...inParquet], validationShare: 0 }).write(
      fixtureTrees(),
      folder.dir,
    );
    const own = await validateDataset(join(folder.dir, 'preferences.jsonl'));
    expect(Object.keys(own.counts)).toEqual(['unknown-format']);
    expect(own.findings[0]?.message).toMatch(/schema \S*aloe-\S+, so this is not a training file/);
    const names = (await readdir(folder.dir)).filter((name) => name.includes('.train.'));
    expect(names).toHaveLength(13);
    for (const name of names) {
      const report = await validateDataset(join(folder.dir, name));
      expect(name.startsWith(report.format!)).toBe(true);
      expect(report.rows).toBeGreaterThan(0);
      // Hosted services want ten rows.
      expect(report.findings.filter(({ kind }) => kind !== 'few-rows')).toEqual([]);
    }
  });
});

describe('bytes and JSON', () => {
  test('that are not UTF-8 are found at their place', async () => {
    const row = Buffer.from(`${JSON.stringify(sft)}\n`);
    const latin = Buffer.from(JSON.stringify({ ...sft, prompt: [u('caf#')] }));
    latin[latin.indexOf('#')] = 0xe9;
    const report = await validateDataset(await file(Buffer.concat([row, latin, Buffer.from('\n')])));
    expect(report.findings[0]).toEqual({
      kind: 'not-utf8',
      level: 'error',
      line: 2,
      message: `Byte 0xe9 at position ${latin.indexOf(0xe9)} of the line is not UTF-8.`,
      remedy: FINDING_KINDS['not-utf8'].remedy,
    });
    const utf16 = Buffer.from(`\uFEFF${JSON.stringify(sft)}\n`, 'utf16le');
    expect((await kinds(utf16)).map(([kind]) => kind)).toEqual(['not-utf8', 'no-rows']);
  });

  test('that are not JSON are found at their column', async () => {
    const report = await validateDataset(await file([sft, '{"prompt": [', '{"prompt": NaN}']));
    expect(report.findings.filter(({ kind }) => kind === 'not-json').map(({ message }) => message)).toEqual([
      'Expected a value or "]" at column 13.',
      'Expected a value at column 12.',
    ]);
  });

  const line = JSON.stringify(sft);
  test.each<[string, Parameters<typeof file>[0], [string, number | null][]]>([
    ['a byte order mark', `\uFEFF${line}\n`, [['byte-order-mark', 1]]],
    ['a blank line and Windows line ends', `${line}\r\n\r\n`, []],
    ['a line that is cut', [sft, '{"prompt": ['], [['not-json', 2]]],
    ['NaN', [sft, line.replace('"Mint, then?"', 'NaN')], [['not-json', 2]]],
    [
      'a row that is no object',
      [sft, '3', 'null', '[1]'],
      [
        ['not-an-object', 2],
        ['not-an-object', 3],
        ['not-an-object', 4],
      ],
    ],
    [
      'one list for all',
      `[${line},\n${line}]`,
      [
        ['json-array', 1],
        ['no-rows', null],
      ],
    ],
    [
      'a list over many lines',
      `\n[\n  ${line}\n]\n`,
      [
        ['json-array', 2],
        ['no-rows', null],
      ],
    ],
    ['nothing', '', [['no-rows', null]]],
    [
      'a key that stands twice, once in escapes',
      [
        line.replace('"completion"', '"completion":1,"completion"'),
        line.replace('"role":', '"r\\u006fle":"x","role":'),
      ],
      [
        ['duplicate-key', 1],
        ['duplicate-key', 2],
        ['duplicate-row', 2],
      ],
    ],
    ['half of a surrogate pair', [{ ...sft, completion: [a('\ud83d')] }], [['lone-surrogate', 1]]],
    ['a NUL', [{ ...sft, completion: [a('a\0b')] }], [['nul-character', 1]]],
    ['a lost character', [{ ...sft, completion: [a('caf\ufffd')] }], [['replacement-character', 1]]],
    ['rows of different columns', [sft, { ...sft, id: 'x' }], [['mixed-keys', 2]]],
    [
      'the same row again',
      [sft, { completion: sft.completion, prompt: [u('x')] }, sft],
      [['duplicate-row', 3]],
    ],
  ])('%s', async (_what, lines, expected) => {
    expect(await kinds(lines)).toEqual(expected);
  });

  test('nested deeper than the stack are a finding, and the next row is read', async () => {
    const lists = '['.repeat(100_000) + ']'.repeat(100_000);
    const objects = '{"a":'.repeat(6000) + '1'.padEnd(6001, '}');
    const deep = (value: string) => line.replace('"prompt":', `"meta":${value},"prompt":`);
    expect(await kinds([sft, deep(objects), deep(lists), lists])).toEqual([
      ['too-deep', 2],
      ['too-deep', 3],
      ['too-deep', 4],
    ]);
  });

  test('in a file that is named otherwise are an error', async () => {
    const named = await validateDataset(await file([sft], 'rows.parquet'));
    expect(named.counts).toEqual({ 'misnamed-file': 1 });
    expect(named.findings).toMatchObject([{ level: 'error', line: null }]);
  });

  test('tell the format where only an export gives its name', async () => {
    const formatOf = async (name: string) => (await validateDataset(await file([dpo], name))).format;
    expect(await formatOf('messages.jsonl')).toBe('trl-dpo');
    expect(await formatOf('messages.train.jsonl')).toBe('trl-dpo');
    expect(await formatOf('trl-sft.jsonl')).toBe('trl-dpo');
    expect(await formatOf('trl-sft.train.jsonl')).toBe('trl-sft');
    expect(await formatOf('trl-sft-parquet.validation.jsonl')).toBe('trl-sft');
  });

  test('columns of nothing but dates are named, and a single other text is enough to be safe', async () => {
    const dated = (text: string) => ({ prompt: [u(text)], completion: [a('Noted.')] });
    const report = await validateDataset(await file([dated('2024-01-01'), dated('2024-02-01T10:30:00Z')]));
    expect(report.findings).toMatchObject([{ kind: 'date-strings', line: 1 }]);
    expect(report.findings[0]!.message).toContain('prompt[].content');
    expect(await kinds([dated('2024-01-01'), dated('Today')])).toEqual([]);
  });

  // Seen with pyarrow's JSON reader, whose guess `datasets` takes.
  test.each([
    ['2024-01-01', true],
    ['2024-01-01 10:00', true],
    ['2024-01-01T10', true],
    ['2024-01-01T10:00:00+02:00', true],
    ['0001-01-01', true],
    ['2024-01-01T10:00:00.5', false],
    ['2024-01', false],
    ['20240101', false],
    ['2024-13-01', false],
    ['2024-01-01 ', false],
    ['2024-01-01Z', false],
    ['2024-01-01T24:00:00', false],
    ['2024-02-30', false],
  ])('%s is taken for a date: %s', async (text, isDate) => {
    const found = await kinds([{ prompt: [u(text)], completion: [a('Noted.')] }]);
    expect(found.some(([kind]) => kind === 'date-strings')).toBe(isDate);
  });
});

describe('who speaks when', () => {
  test.each<[string, object, string[]]>([
    ['a tool answers the assistant', { ...sft, prompt: [u('x'), a('call'), tool('1')] }, []],
    ['two users in a row', { ...sft, prompt: [u('x'), u('y')] }, ['no-alternation']],
    ['the assistant first', { ...sft, prompt: [a('x'), u('y')] }, ['no-alternation']],
    ['a system message in the middle', { ...sft, prompt: [u('x'), s('y'), u('z')] }, ['no-alternation']],
    ['an unknown role', { ...sft, prompt: [{ role: 'narrator', content: 'x' }, u('y')] }, ['unknown-role']],
    [
      'a role that objects have by nature',
      { ...sft, prompt: [{ role: 'constructor', content: 'x' }] },
      ['unknown-role'],
    ],
    [
      'a response of a role that only ShareGPT knows',
      { ...sft, completion: [{ role: 'gpt', content: 'x' }] },
      ['unknown-role'],
    ],
    ['keys of ShareGPT in the prompt', { ...sft, prompt: [{ from: 'user', value: 'x' }] }, ['wrong-type']],
    ['a prompt that ends with the assistant', { ...sft, prompt: [u('x'), a('y')] }, ['wrong-ending']],
    ['a response of the user', { ...sft, completion: [u('x')] }, ['wrong-answer']],
    ['a response of several messages', { ...sft, completion: [a('x'), u('y'), a('z')] }, ['several-answers']],
    ['an empty response', { ...sft, completion: [a(' \n')] }, ['empty-text']],
    ['an empty message in the prompt', { ...sft, prompt: [u('')] }, ['empty-text']],
    ['white space around the response', { ...sft, completion: [a('\n\nyes')] }, ['untrimmed-response']],
    ['a mark of a chat template', { ...sft, prompt: [u('x<|im_end|>y')] }, ['template-marker']],
    ['texts in place of messages', { prompt: 'Tea?', completion: 'Mint.' }, ['plain-text', 'plain-text']],
    ['content that is no text', { ...sft, completion: [a(3)] }, ['wrong-type']],
    ['a list that is empty', { ...sft, completion: [] }, ['wrong-type']],
    ['messages that are null', { ...sft, prompt: null }, ['wrong-type']],
  ])('in SFT: %s', async (_what, row, expected) => {
    expect(await kinds([row], 'trl-sft')).toEqual(expected.map((kind) => [kind, 1]));
  });

  test.each<[string, object, string[]]>([
    [
      'both sides equal but for case and space',
      { ...dpo, rejected: [a('mint,  THEN?')] },
      ['identical-pair'],
    ],
    ['one side missing', { prompt: dpo.prompt, chosen: dpo.chosen }, ['missing-column']],
    [
      'whole conversations without a prompt',
      { chosen: [u('Tea?'), a('Mint?')], rejected: [u('Tea?'), a('Yes.')] },
      ['implicit-prompt'],
    ],
    [
      'whole conversations that are the same',
      { chosen: [u('Tea?'), a('Mint?')], rejected: [u('Tea?'), a('Mint?')] },
      ['implicit-prompt', 'wrong-ending', 'wrong-answer', 'wrong-answer', 'identical-pair'],
    ],
  ])('in DPO: %s', async (_what, row, expected) => {
    expect(await kinds([row], 'trl-dpo')).toEqual(expected.map((kind) => [kind, 1]));
  });

  test.each<[string, readonly object[], readonly number[]]>([
    ['in every row', [{ chat_template_kwargs: { a: 1 } }, { chat_template_kwargs: {} }], []],
    ['in no row', [{}, {}], []],
    ['in the later rows', [{}, { x: 1 }, { chat_template_kwargs: { a: 1 } }], [1, 2]],
    ['in the first row', [{ chat_template_kwargs: { a: 1 } }, {}, { chat_template_kwargs: null }], [2, 3]],
    ['as null', [{ chat_template_kwargs: null }], [1]],
    ['as a text', [{ chat_template_kwargs: '{}' }, { chat_template_kwargs: [] }], [1, 2]],
  ])('variables of the chat template %s', async (_what, columns, expected) => {
    const rows = columns.map((row, index) => ({ ...sft, prompt: [u(`Tea ${index}?`)], ...row }));
    const { findings } = await validateDataset(await file(rows), 'trl-sft');
    const found = findings.filter(({ kind }) => kind === 'missing-column');
    expect(found.map(({ line }) => line)).toEqual(expected);
    for (const { message } of found)
      expect(message).toContain('every row needs an object, {} for no variables');
  });

  test.each<[string, DatasetFormat, object, string[]]>([
    ['a stray key', 'openai-preference', { ...hosted, id: 'x' }, ['stray-key']],
    [
      'two messages a side',
      'openai-preference',
      { ...hosted, preferred_output: [a('x'), a('y')] },
      ['wrong-answer'],
    ],
    ['no messages in the input', 'openai-preference', { ...hosted, input: {} }, ['wrong-type']],
    [
      'a weight of the user',
      'openai-sft',
      { messages: [{ ...u('x'), weight: 1 }, a('y')] },
      ['wrong-weight'],
    ],
    ['a weight between', 'openai-sft', { messages: [u('x'), { ...a('y'), weight: 0.5 }] }, ['wrong-weight']],
    ['nothing to train', 'openai-sft', { messages: [u('x'), { ...a('y'), weight: 0 }] }, ['wrong-weight']],
    [
      'a conversation that ends with the user',
      'openai-sft',
      { messages: [u('x'), a('y'), u('z')] },
      ['wrong-ending', 'wrong-answer'],
    ],
    [
      'a response that is in the template',
      'axolotl-dpo',
      { messages: dpo.prompt, chosen: a('user'), rejected: a('Tea is a drink.') },
      ['lost-in-template'],
    ],
    ['a label in words', 'trl-kto', { ...sft, label: 'good' }, ['wrong-label']],
    [
      'a list in place of a message',
      'axolotl-dpo',
      { messages: dpo.prompt, chosen: dpo.chosen, rejected: dpo.rejected },
      ['wrong-type'],
    ],
    [
      'an even number of messages',
      'llama-factory-dpo',
      { messages: [u('x'), a('y')], chosen: a('z'), rejected: a('w') },
      ['wrong-ending'],
    ],
    ['words of ShareGPT', 'messages', { conversations: shareGpt('human', 'gpt') }, ['unknown-role']],
    ['keys of ShareGPT', 'messages', { conversations: shareGpt('user', 'assistant') }, []],
    ['keys of ShareGPT elsewhere', 'messages', { messages: shareGpt('user', 'assistant') }, ['wrong-type']],
    ['conversations of ChatML', 'messages', { conversations: [u('x'), a('y')] }, ['wrong-type']],
    [
      'the column of ShareGPT',
      'openai-sft',
      { conversations: shareGpt('user', 'assistant') },
      ['missing-column', 'stray-key'],
    ],
    [
      'a stray key of the input',
      'openai-preference',
      { ...hosted, input: { ...hosted.input, tools: [], parallel_tool_calls: true, foo: 1 } },
      ['stray-key'],
    ],
    [
      "OpenAI's word for the system",
      'openai-sft',
      { messages: [{ role: 'developer', content: 'Be brief.' }, u('x'), a('y')] },
      [],
    ],
    [
      "OpenAI's word for the system",
      'messages',
      { messages: [{ role: 'developer', content: 'Be brief.' }, u('x'), a('y')] },
      ['unknown-role'],
    ],
    [
      'a call in place of a text',
      'messages',
      { messages: [u('x'), { ...a(null), tool_calls: [{ function: { name: 'f' } }] }, tool('1'), a('y')] },
      [],
    ],
  ])('%s in %s', async (_what, format, row, expected) => {
    const found = (await kinds([row], format)).filter(([, line]) => line !== null);
    expect(found.map(([kind]) => kind)).toEqual(expected);
  });

  test('about the whole file: pairs that length or a question at the end tells apart', async () => {
    const pairs = Array.from({ length: 30 }, (_, index) => ({
      prompt: [u(`Tea ${index}?`)],
      chosen: [a('Mint?')],
      rejected: [a(`Tea ${index} is a drink.`)],
    }));
    const report = await validateDataset(await file(pairs));
    expect(report.lengthBias).toMatchObject({ preferredLonger: 0, rejectedLonger: 30, equal: 0 });
    expect(report.findings).toMatchObject([
      { kind: 'length-bias', line: null },
      { kind: 'style-gap', line: null },
    ]);
    expect(report.styleGap).toMatchObject({ pairs: 30, question: { preferred: 30, rejected: 0, both: 0 } });
    const turned = pairs.map(({ prompt, chosen, rejected }, index) =>
      index % 2 === 0 ? { prompt, chosen, rejected } : { prompt, chosen: rejected, rejected: chosen },
    );
    expect(await kinds(turned)).toEqual([]);
  });

  test('about the whole file: too few rows, one label, whole conversations', async () => {
    expect(await kinds([hosted])).toEqual([['few-rows', null]]);
    expect(await kinds([{ ...sft, label: true }])).toEqual([['one-label', null]]);
    expect(await kinds([{ messages: [u('x'), a('y')] }])).toEqual([['whole-conversation', null]]);
    expect(await kinds([{ text: 'x' }, { text: 'y' }])).toEqual([
      ['unknown-format', 1],
      ['unknown-format', 2],
    ]);
  });
});

describe('lengths', () => {
  /** A word is a token, a message one more. */
  const tokenizer: Tokenizer = {
    id: 'words',
    async countTokens(messages) {
      if (messages.some(({ role }) => role === 'tool')) throw new Error('no tools here');
      return messages.reduce((sum, { content }) => sum + content.split(' ').length + 1, 0);
    },
  };
  const row = (prompt: number, completion: number) => ({
    prompt: [u('w '.repeat(prompt).trim())],
    completion: [a('v '.repeat(completion).trim())],
  });

  test('are counted, and rows that are cut are told from rows of which nothing is left', async () => {
    const path = await file([row(5, 5), row(5, 9), row(20, 1), row(11, 1), row(12, 1)]);
    const report = await validateDataset(path, 'trl-sft', { tokenizer, maxLength: 13 });
    expect(report.findings.map(({ kind, line }) => [kind, line])).toEqual([
      ['too-long', 2],
      ['prompt-too-long', 3],
      ['too-long', 4],
      ['prompt-too-long', 5],
    ]);
    expect(report.findings[0]!.message).toBe('Prompt and completion have 16 tokens (limit: 13).');
    expect(report.tokens).toEqual({
      tokenizer: 'words',
      maxLength: 13,
      rows: { mean: 16, min: 12, max: 23, p50: 15, p95: 23 },
    });
    expect((await validateDataset(path, 'trl-sft', { tokenizer })).findings).toEqual([]);
  });

  test('a row that the template refuses is a finding', async () => {
    const path = await file([{ ...sft, prompt: [u('x'), a('y'), tool('z')] }]);
    const { findings } = await validateDataset(path, 'trl-sft', { tokenizer });
    expect(findings).toMatchObject([{ kind: 'not-tokenizable', line: 1 }]);
    expect(findings[0]!.message).toContain('no tools here');
  });
});

describe('the report', () => {
  test('keeps the first findings of each kind and counts all', async () => {
    const path = await file(Array.from({ length: 50 }, (_, index) => ({ ...sft, prompt: [a(`${index}`)] })));
    const report = await validateDataset(path, 'trl-sft', { maxFindings: 3 });
    expect(report.counts).toEqual({ 'no-alternation': 50, 'wrong-ending': 50 });
    expect(report.errors).toBe(100);
    expect(report.findings.filter(({ kind }) => kind === 'no-alternation')).toHaveLength(3);
    expect(describeDataset(report)).toContain('- and 47 more');
  });

  test('says where a line stops being JSON', async () => {
    const { findings } = await validateDataset(await file(['{}', '{"prompt": [1,]}']), 'trl-sft');
    expect(findings).toContainEqual(
      expect.objectContaining({ kind: 'not-json', line: 2, message: 'Expected a value at column 15.' }),
    );
  });

  test('shows no control characters of the file', async () => {
    const path = await file(['{"prompt":\u001b[31m\u009b', { '\u001b[2J\n# x': 'y\ud800' }]);
    const { findings } = await validateDataset(path);
    expect(findings.map(({ kind }) => kind)).toEqual(['not-json', 'lone-surrogate', 'unknown-format']);
    for (const { message } of findings) expect(message).not.toMatch(/\p{Cc}/u);
  });

  test('is plain data, and reads well', async () => {
    const path = await file([
      { ...dpo, rejected: dpo.chosen },
      { ...dpo, chosen: [a(' Mint! ')] },
    ]);
    const report = await validateDataset(path);
    expect(JSON.parse(JSON.stringify(report))).toEqual({
      schema: 'aloe-dataset-check/1',
      file: 'rows.jsonl',
      fileType: 'jsonl',
      format: 'trl-dpo',
      rows: 2,
      errors: 1,
      warnings: 1,
      counts: { 'identical-pair': 1, 'untrimmed-response': 1 },
      findings: report.findings,
      lengthBias: report.lengthBias,
      styleGap: report.styleGap,
      tokens: null,
    });
    expect(describeDataset(report)).toMatchInlineSnapshot(`
      "## rows.jsonl

      trl-dpo, jsonl, 2 rows: 1 error, 1 warning.

      ### error: identical-pair (1)

      Remove the pair: it expresses no preference.

      - line 1: chosen and rejected differ only in case and whitespace.

      ### warning: untrimmed-response (1)

      Trim the response: tokenizers merge a leading line break with the header before it, and one token is not trained.

      - line 2: chosen has leading or trailing whitespace: " Mint! ".
      "
    `);
  });
});

describe('Parquet', () => {
  async function parquetFile(codec: 'SNAPPY' | 'GZIP' | 'ZSTD', rows: readonly object[]): Promise<string> {
    const writer = new ByteWriter();
    await parquetWrite({
      writer,
      codec,
      compressors: { GZIP: (input) => gzipSync(input), ZSTD: (input) => zstdCompressSync(input) },
      columnData: ['prompt', 'completion'].map((name) => ({
        name,
        data: rows.map((row) => (row as Record<string, unknown>)[name]),
        type: 'STRING' as const,
      })),
    });
    return file(writer.getBytes(), `${codec}.parquet`);
  }

  test.each(['SNAPPY', 'GZIP', 'ZSTD'] as const)('with %s is read row by row', async (codec) => {
    const rows = Array.from({ length: 30 }, (_, index) => ({ prompt: `${index}?`, completion: `${index}!` }));
    const report = await validateDataset(
      await parquetFile(codec, [...rows, { prompt: 'x', completion: '' }]),
    );
    expect(report).toMatchObject({ fileType: 'parquet', format: 'trl-sft', rows: 31 });
    expect(report.findings.find(({ kind }) => kind === 'empty-text')?.line).toBe(31);
  });

  test('may hold whole numbers of 64 bits, times and bytes, which are no texts', async () => {
    const writer = new ByteWriter();
    await parquetWrite({
      writer,
      columnData: [
        { name: 'id', data: [1n, 2n], type: 'INT64' },
        { name: 'prompt', data: ['Tea?', 'Tea!'], type: 'STRING' },
        { name: 'completion', data: [new Date(0), new Date(1)], type: 'TIMESTAMP' },
      ],
    });
    const report = await validateDataset(await file(writer.getBytes(), 'x.parquet'));
    expect(report.counts).toEqual({ 'wrong-type': 2 });
    expect(report.findings[0]!.message).toContain('completion is "1970-01-01T00:00:00.000Z"');
  });

  test('may hold null in place of a list of messages', async () => {
    const writer = new ByteWriter();
    const names = ['prompt', 'completion'];
    const message = [{ role: 'user', content: 'Tea?' }];
    const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' } as const;
    await parquetWrite({
      writer,
      schema: [
        { name: 'root', num_children: names.length },
        ...names.flatMap((name) => [
          { name, repetition_type: 'OPTIONAL' as const, num_children: 1, converted_type: 'LIST' as const },
          { name: 'list', repetition_type: 'REPEATED' as const, num_children: 1 },
          { name: 'element', repetition_type: 'REQUIRED' as const, num_children: 2 },
          { name: 'role', ...text },
          { name: 'content', ...text },
        ]),
      ],
      columnData: [
        { name: 'prompt', data: [message, null] },
        { name: 'completion', data: [null, message] },
      ],
    });
    const { findings } = await validateDataset(await file(writer.getBytes(), 'x.parquet'));
    expect(findings.map(({ kind, message }) => [kind, message])).toEqual([
      ['wrong-type', 'completion is null, not a list of messages.'],
      ['wrong-type', 'prompt is null, not a list of messages.'],
    ]);
  });

  test('in a file named .jsonl is an error', async () => {
    const writer = new ByteWriter();
    await parquetWrite({ writer, columnData: [{ name: 'prompt', data: ['Tea?'], type: 'STRING' }] });
    const { counts } = await validateDataset(await file(writer.getBytes(), 'x.jsonl'));
    expect(counts).toMatchObject({ 'misnamed-file': 1 });
  });

  test('that is broken is refused', async () => {
    const path = await file(Buffer.from('PAR1 and no more PAR1'), 'broken.parquet');
    await expect(validateDataset(path)).rejects.toThrow(InvalidFileError);
  });
});

describe('any file', () => {
  test('is reported on, never thrown at', async () => {
    const messages = fc.array(
      fc.record({ role: fc.constantFrom('user', 'assistant', 'system', 'x'), content: fc.anything() }),
    );
    const row = fc.record(
      {
        prompt: fc.oneof(messages, fc.anything()),
        chosen: messages,
        rejected: messages,
        messages,
        label: fc.anything(),
      },
      { requiredKeys: [] },
    );
    const jsonLine = row.map((value) => JSON.stringify(value));
    const content = fc.oneof(
      fc
        .uint8Array({ maxLength: 300 })
        .filter((bytes) => Buffer.from(bytes.subarray(0, 4)).toString() !== 'PAR1'),
      fc.array(fc.oneof(jsonLine, fc.json(), fc.string()), { maxLength: 8 }).map((lines) => lines.join('\n')),
    );
    const formats = fc.constantFrom(
      'auto',
      'trl-dpo',
      'trl-kto',
      'openai-sft',
      'axolotl-dpo',
      'openai-preference',
    );
    await fc.assert(
      fc.asyncProperty(content, formats, async (bytes, format) => {
        const report = await validateDataset(await file(bytes), format as DatasetFormat | 'auto');
        const counted = Object.values(report.counts).reduce((sum, count) => sum + count, 0);
        expect(report.errors + report.warnings).toBe(counted);
        for (const { line } of report.findings) expect(line === null || line >= 1).toBe(true);
        expect(describeDataset(report)).toContain('rows.jsonl');
      }),
      { numRuns: 150 },
    );
  });

  test('that is not there, and options that are wrong, are refused', async () => {
    await expect(validateDataset(join(folder.dir, 'none.jsonl'))).rejects.toThrow(InvalidFileError);
    await expect(validateDataset(folder.dir)).rejects.toThrow(InvalidFileError);
    const path = await file([sft]);
    await expect(validateDataset(path, 'csv' as 'auto')).rejects.toThrow('Option "format"');
    await expect(validateDataset(path, 'auto', { maxLength: 5 })).rejects.toThrow('Option "maxLength"');
    await expect(validateDataset(path, 'auto', { tokenizer: {} as Tokenizer })).rejects.toThrow(
      InvalidOptionError,
    );
    await expect(validateDataset(path, 'auto', { maxFindings: 0 })).rejects.toThrow('Option "maxFindings"');
  });

  test('is left at an abort, with the reason', async () => {
    const path = await file([sft]);
    const reason = new Error('closing time');
    await expect(validateDataset(path, 'auto', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
