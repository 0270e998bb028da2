import fc from 'fast-check';

/** No mutation makes an input longer than this, so that a slow reader shows as slow and not as a large file. */
export const MAX_BYTES: number = 64 * 2 ** 10;

/** What parsers trip over. */
const TOKENS: readonly (string | Buffer)[] = [
  ...[
    '"',
    '\\',
    '\\u',
    '\n',
    '\r',
    '\r\n',
    '\n\n',
    '\t',
    ' ',
    '{',
    '}',
    '[',
    ']',
    ',',
    ';',
    ':',
    '{"',
    '":',
    '[[',
  ],
  ...[
    '```json\n',
    '```',
    '<think>',
    '</think>',
    'User:',
    'Assistant: ',
    '1. ',
    '- ',
    '**',
    '## ',
    '(',
    ')',
    '*',
    '_',
  ],
  ...['\0', '\uFEFF', '\u2028', '\u202E', '\u001b]52;c;QQ==\u0007', '😴', '=1+1', "'", '“', '—', '...'],
  ...[
    '__proto__',
    'constructor',
    'null',
    'true',
    'NaN',
    '-0',
    '1e309',
    '1e308',
    '9007199254740993',
    '-1',
    '0.5',
  ],
  ...[
    'file:///etc/passwd',
    '../../x',
    '2024-02-30',
    '|',
    'CANCELLED by 0',
    '0:9',
    'content-length: 9e15\r\n',
  ],
  // Half a surrogate pair, an overlong and an unfinished sequence: not UTF-8.
  ...[Buffer.from([0xed, 0xa0, 0x80]), Buffer.from([0xc0, 0xaf]), Buffer.from([0xf0, 0x9f])],
];

/** Values that may stand where a JSON scalar stood. */
const VALUES: readonly string[] = [
  ...[
    'null',
    'true',
    '0',
    '-1',
    '1.5',
    '1e308',
    '9007199254740993',
    '""',
    '"\\u0000"',
    '"\\ud800"',
    '"__proto__"',
  ],
  ...['[]', '{}', '{"__proto__":{"x":1}}', '[[]]', '"2024"', `"${'x'.repeat(5_000)}"`],
  ...[`${'['.repeat(3_000)}${']'.repeat(3_000)}`, `${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}`],
];

type Mutation =
  | { readonly kind: 'replace'; readonly at: number; readonly length: number; readonly by: Buffer }
  | { readonly kind: 'repeat'; readonly at: number; readonly length: number; readonly times: number }
  | { readonly kind: 'flood'; readonly at: number; readonly token: string | Buffer }
  | { readonly kind: 'cut'; readonly at: number }
  | { readonly kind: 'value'; readonly at: number; readonly by: string };

const at = fc.double({ min: 0, max: 1, noNaN: true });

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({
    kind: fc.constant('replace' as const),
    at,
    length: fc.oneof(fc.constant(0), fc.nat(40)),
    by: fc.oneof(
      fc.constantFrom(...TOKENS).map((token) => Buffer.from(token as string)),
      fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
    ),
  }),
  fc.record({
    kind: fc.constant('repeat' as const),
    at,
    length: fc.integer({ min: 1, max: 200 }),
    times: fc.nat(4_000),
  }),
  // One thing over and over: what takes quadratic time shows here.
  fc.record({ kind: fc.constant('flood' as const), at, token: fc.constantFrom(...TOKENS) }),
  fc.record({ kind: fc.constant('cut' as const), at }),
  fc.record({ kind: fc.constant('value' as const), at, by: fc.constantFrom(...VALUES) }),
);

/** One of the inputs, with up to six things done to it. */
export function mutated(inputs: readonly Buffer[]): fc.Arbitrary<Buffer> {
  return fc
    .tuple(fc.constantFrom(...inputs), fc.array(mutation, { maxLength: 6 }))
    .map(([input, mutations]) =>
      mutations.reduce(mutate, input).subarray(0, Math.max(MAX_BYTES, input.length)),
    );
}

function mutate(input: Buffer, change: Mutation): Buffer {
  const start = Math.floor(change.at * input.length);
  if (change.kind === 'cut') return input.subarray(0, start);
  if (change.kind === 'value') return replaceScalar(input, change);
  if (change.kind === 'flood') {
    const token = Buffer.from(change.token as string);
    return Buffer.concat([input.subarray(0, start), Buffer.alloc(Math.max(0, MAX_BYTES - start), token)]);
  }
  const end = start + change.length;
  if (change.kind === 'replace')
    return Buffer.concat([input.subarray(0, start), change.by, input.subarray(end)]);
  const piece = input.subarray(start, end);
  const times = Math.min(change.times, Math.floor(MAX_BYTES / Math.max(1, piece.length)));
  return Buffer.concat([input.subarray(0, start), ...Array<Buffer>(times).fill(piece), input.subarray(end)]);
}

function replaceScalar(
  input: Buffer,
  { at: place, by }: { readonly at: number; readonly by: string },
): Buffer {
  const text = input.toString('latin1');
  const scalars = [...text.matchAll(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|true|false|null/g)];
  const scalar = scalars[Math.min(scalars.length - 1, Math.floor(place * scalars.length))];
  if (scalar === undefined) return input;
  const end = scalar.index + scalar[0].length;
  return Buffer.from(text.slice(0, scalar.index) + by + text.slice(end), 'latin1');
}
