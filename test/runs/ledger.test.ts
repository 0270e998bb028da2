import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { BudgetExceededError, InvalidOptionError } from '../../src/errors.ts';
import type { ChatRequest } from '../../src/models/chat-model.ts';
import { type Budget, Ledger, type Reservation } from '../../src/runs/ledger.ts';

const NOTHING_BEFORE = new Map<string, never>();

/** A dollar a token, so that dollars and tokens are the same whole numbers. */
const A_DOLLAR_A_TOKEN = { m: { input: 1_000_000, output: 1_000_000 } };

const ledger = (budget: Budget, prices: object = A_DOLLAR_A_TOKEN) =>
  new Ledger({ budget, prices: prices as typeof A_DOLLAR_A_TOKEN, before: NOTHING_BEFORE });

/** One message without text counts 8 tokens; the rest is the reply. */
const tokens = (count: number): ChatRequest => ({
  messages: [{ role: 'user', content: '' }],
  maxOutputTokens: count - 8,
});
const used = (inputTokens: number, outputTokens = 0) => ({ inputTokens, cachedInputTokens: 0, outputTokens });

/** Asks for a reservation and keeps it once it is there. */
function ask(books: Ledger, request: ChatRequest): { granted: Reservation | undefined } {
  const asked: { granted: Reservation | undefined } = { granted: undefined };
  books.reserve('m', request).then(
    (reservation) => {
      asked.granted = reservation;
    },
    () => {},
  );
  return asked;
}

test.each([
  ['tokens', { tokens: 100 }, { tokens: 99 }],
  ['dollars', { usd: 100 }, { usd: 99 }],
])(
  'a call that fits a budget in %s to the last unit is let go, one unit less refuses it',
  async (_unit, enough, less) => {
    await expect(ledger(enough).reserve('m', tokens(100))).resolves.toBeDefined();
    await expect(ledger(less).reserve('m', tokens(100))).rejects.toThrow(BudgetExceededError);
  },
);

test.each<[string, ChatRequest, number]>([
  [
    'half the bytes of its texts and eight tokens a message',
    {
      messages: [
        { role: 'system', content: 'ää' },
        { role: 'user', content: 'abc' },
      ],
      maxOutputTokens: 10,
    },
    4 + 16 + 10,
  ],
  [
    '4,096 tokens of reply where it names no limit',
    { messages: [{ role: 'user', content: 'ab' }] },
    1 + 8 + 4_096,
  ],
])('the most a call can take is %s', async (_what, request, most) => {
  await expect(ledger({ tokens: most }).reserve('m', request)).resolves.toBeDefined();
  await expect(ledger({ tokens: most - 1 }).reserve('m', request)).rejects.toThrow(BudgetExceededError);
});

test.each([
  ['tokens', { tokens: 199 }],
  ['dollars', { usd: 199 }],
])('a call waits while the %s it needs are reserved for another', async (_unit, budget) => {
  const books = ledger(budget);
  const first = await books.reserve('m', tokens(100));
  const second = ask(books, tokens(100));
  const third = ask(books, tokens(100));
  await setImmediate();
  expect([second.granted, third.granted]).toEqual([undefined, undefined]);
  first.settle(used(20, 30));
  await setImmediate();
  expect(second.granted).toBeDefined();
  expect(third.granted).toBeUndefined();
  second.granted?.settle(null);
  await setImmediate();
  expect(third.granted).toBeDefined();
});

test.each([
  ['tokens', { tokens: 299 }],
  ['dollars', { usd: 299 }],
])('reservations in %s add up', async (_unit, budget) => {
  const books = ledger(budget);
  await books.reserve('m', tokens(100));
  await books.reserve('m', tokens(100));
  const third = ask(books, tokens(100));
  await setImmediate();
  expect(third.granted).toBeUndefined();
});

test('a call that waited is refused once nothing is under way that could leave it room', async () => {
  const books = ledger({ tokens: 100 });
  const first = await books.reserve('m', tokens(60));
  const second = books.reserve('m', tokens(60));
  first.settle(used(50));
  await expect(second).rejects.toThrow(BudgetExceededError);
});

test('what was reserved is given back without a rest, so that the last cent can be spent', async () => {
  // In binary 0.1 + 0.1 + 0.4 - 0.1 - 0.1 - 0.4 is above 0, enough for 0.7 more to be above 0.7.
  const books = ledger({ usd: 0.7 }, { m: { input: 0, output: 100_000 } });
  const failed = [];
  for (const count of [9, 9, 12]) failed.push(await books.reserve('m', tokens(count)));
  for (const reservation of failed) reservation.settle(null);
  await expect(books.reserve('m', tokens(15))).resolves.toBeDefined();
});

test('calls that were answered are counted by model, failed ones are not, and what has no price is named', async () => {
  const before = new Map([['old', { calls: 3, usage: used(5, 6) }]]);
  const books = new Ledger({ prices: A_DOLLAR_A_TOKEN, before });
  for (const [model, usage] of [
    ['m', used(10, 1)],
    ['m', used(20, 2)],
    ['old', used(1)],
    ['m', null],
  ] as const) {
    (await books.reserve(model, tokens(100))).settle(usage);
  }
  expect(books.spending()).toEqual({
    calls: 6,
    usage: { inputTokens: 36, cachedInputTokens: 0, outputTokens: 9 },
    usd: 33,
    unpriced: ['old'],
    estimatedCalls: 0,
  });
});

test.each<[Budget, string, string]>([
  [{ usd: 5 }, '$4.00 of $5.00', 'tokens'],
  [{ tokens: 7 }, '4 of 7 tokens', '$'],
  [{ usd: 5, tokens: 7 }, '$4.00 of $5.00 and 4 of 7 tokens', 'false'],
])('the refusal of %o says what is used of it, and nothing else', async (budget, said, unsaid) => {
  const before = new Map([['m', { calls: 1, usage: used(3, 1) }]]);
  const books = new Ledger({ budget, prices: A_DOLLAR_A_TOKEN, before });
  const error = await books.reserve('m', tokens(100)).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(BudgetExceededError);
  expect((error as Error).message).toContain(said);
  expect((error as Error).message).not.toContain(unsaid);
  expect((error as Error).message).not.toContain('false');
});

test('only a budget in dollars needs a price for the model', async () => {
  await expect(ledger({ tokens: 100 }, {}).reserve('m', tokens(100))).resolves.toBeDefined();
  const refused = ledger({ usd: 1_000 }, {}).reserve('m', tokens(100));
  await expect(refused).rejects.toThrow(InvalidOptionError);
  await expect(refused).rejects.toThrow(/"prices\["m"\]".*\bprice\b.*dollars/);
});

test('a model named like a member of every object has no price', async () => {
  await expect(ledger({}, {}).reserve('constructor', tokens(100))).resolves.toBeDefined();
  await expect(ledger({ usd: 5 }, {}).reserve('constructor', tokens(1))).rejects.toThrow(InvalidOptionError);
});

test.each([
  ['budget.usd', { usd: -1 }],
  ['budget.tokens', { tokens: -1 }],
  ['budget.tokens', { tokens: Number.NaN }],
])('refuses a bad %s by name', (option, budget) => {
  expect(() => ledger(budget)).toThrow(InvalidOptionError);
  expect(() => ledger(budget)).toThrow(`"${option}"`);
});

test('calls whose tokens are an estimate are counted as such, and cost and are priced like the others', async () => {
  const before = new Map([
    ['m', { calls: 1, usage: used(1) }],
    ['m (estimated)', { calls: 2, usage: used(20) }],
    ['old (batch) (estimated)', { calls: 4, usage: used(40) }],
  ]);
  const books = new Ledger({ prices: A_DOLLAR_A_TOKEN, before });
  (await books.reserve('m', tokens(100))).settle(used(7), 'm (estimated)');
  expect(books.spending()).toMatchObject({ calls: 8, usd: 28, unpriced: ['old'], estimatedCalls: 7 });
});

test('a call in a batch costs half, estimated or not', async () => {
  const before = new Map([
    ['m (batch)', { calls: 1, usage: used(10) }],
    ['m (batch) (estimated)', { calls: 1, usage: used(10) }],
  ]);
  expect(new Ledger({ prices: A_DOLLAR_A_TOKEN, before }).spending().usd).toBe(10);
});

test.each([
  [31, true],
  [30, false],
])(
  'of a budget in dollars, %i are left by the prices of cached input, input and output',
  async (left, fits) => {
    const prices = { m: { input: 2_000_000, cachedInput: 1_000_000, output: 3_000_000 } };
    const books = ledger({ usd: 23 + left }, prices);
    // 3 new tokens, 5 cached ones and 4 of the reply.
    (await books.reserve('m', tokens(12))).settle({ inputTokens: 8, cachedInputTokens: 5, outputTokens: 4 });
    expect(books.spending().usd).toBe(23);
    // 8 tokens of input, none of which may be cached, and 5 of a reply.
    const next = books.reserve('m', tokens(8 + 5));
    if (fits) await expect(next).resolves.toBeDefined();
    else await expect(next).rejects.toThrow(BudgetExceededError);
  },
);
