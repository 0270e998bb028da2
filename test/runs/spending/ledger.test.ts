import { setImmediate } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { BudgetExceededError, InvalidOptionError } from '../../../src/errors.ts';
import type { ChatRequest } from '../../../src/models/chat-model.ts';
import { type Budget, Ledger, type Reservation } from '../../../src/runs/spending/ledger.ts';
import type { Amount, InUse, SharedBooks } from '../../../src/runs/spending/shared-books.ts';

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

test('a model that is free needs no price under a budget in dollars', async () => {
  const books = ledger({ usd: 1_000 }, {});
  expect(() => books.checkPriced('m', false)).toThrow(InvalidOptionError);
  books.checkPriced('m', true);
  await expect(books.reserve('m', tokens(100))).resolves.toBeDefined();
  await expect(books.reserve('other', tokens(100))).rejects.toThrow(InvalidOptionError);
});

test('the models without a price are named', () => {
  expect(ledger({}).unpriced(['m', 'other', 'constructor'])).toEqual(['other', 'constructor']);
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

test.each([
  ['tokens', 'usd'],
  ['usd', 'tokens'],
] as const)(
  'a changed budget in %s lets calls go that waited, and null removes the limit',
  async (unit, other) => {
    const books = ledger({ [unit]: 150, [other]: 1_000 });
    await books.reserve('m', tokens(100));
    const second = ask(books, tokens(100));
    const third = ask(books, tokens(100));
    books.setBudget({ [unit]: 200 }, ['m']);
    await setImmediate();
    expect([second.granted === undefined, third.granted === undefined]).toEqual([false, true]);
    expect(books.budget).toEqual({ [unit]: 200, [other]: 1_000 });
    books.setBudget({ [unit]: null }, ['m']);
    await setImmediate();
    expect(third.granted).toBeDefined();
    expect(books.budget).toEqual({ [other]: 1_000 });
  },
);

test('a budget is not changed to dollars while a model in use has no price', () => {
  const books = ledger({ tokens: 5 });
  expect(() => books.setBudget({ usd: 1 }, ['m', 'other'])).toThrow(/prices\["other"\]/);
  expect(books.budget).toEqual({ tokens: 5 });
});

test.each([
  [{ euros: 5 }, /budget/],
  [{ usd: -1 }, /budget\.usd/],
  [{ tokens: -1 }, /budget\.tokens/],
])('the budget %o is refused', (budget, message) => {
  expect(() => ledger(budget as Budget)).toThrow(message);
});

/** Books of a run that several processes spend, which answer as they are told. */
function shared(granted: { usd: number; tokens: number }, answers: ('granted' | 'later' | 'none')[]) {
  const asked: Amount[] = [];
  let inUse: () => InUse = () => ({ calls: 0, usd: 0, tokens: 0 });
  const changed: object[] = [];
  const books: SharedBooks = {
    granted,
    follow: (follow) => {
      inUse = follow;
    },
    async ask(need) {
      asked.push(need);
      const answer = answers.shift() ?? 'none';
      if (answer === 'granted') {
        granted.usd += need.usd;
        granted.tokens += need.tokens;
      }
      return answer;
    },
    setBudget: (budget) => void changed.push(budget),
    spent: () => ({ usd: 4, tokens: 44 }),
    others: () => NOTHING_BEFORE,
  };
  return { books, asked, changed, inUse: () => inUse() };
}

const sharing = (books: SharedBooks, budget: Budget = { usd: 500, tokens: 500 }) =>
  new Ledger({ budget, prices: A_DOLLAR_A_TOKEN, before: NOTHING_BEFORE, books });

test('with shared books, a call asks for what its process lacks, and no more', async () => {
  const { asked, books, inUse } = shared({ usd: 150, tokens: 130 }, ['granted', 'granted']);
  const own = sharing(books);
  const first = await own.reserve('m', tokens(100));
  expect(asked).toEqual([]);
  expect(inUse()).toEqual({ calls: 1, usd: 100, tokens: 100 });
  await own.reserve('m', tokens(50));
  expect(asked).toEqual([{ usd: 0, tokens: 20 }]);
  first.settle(used(30));
  expect(inUse()).toEqual({ calls: 1, usd: 80, tokens: 80 });
  await own.reserve('m', tokens(100));
  expect(asked[1]).toEqual({ usd: 30, tokens: 30 });
});

test.each([
  ['dollars', { usd: 99, tokens: 100 }],
  ['tokens', { usd: 100, tokens: 99 }],
])('with shared books, a call that lacks %s is refused once nobody holds any', async (_unit, granted) => {
  const { books, asked } = shared(granted, ['none']);
  await expect(sharing(books).reserve('m', tokens(100))).rejects.toThrow(
    /spent so far: \$4\.00 of \$500\.00 and 44 of 500 tokens/,
  );
  expect(asked).toHaveLength(1);
});

test('a refusal gives small amounts of dollars exactly enough to compare', async () => {
  const books = ledger({ usd: 0.01 }, { m: { input: 400, output: 400 } });
  (await books.reserve('m', tokens(22))).settle(used(22));
  await expect(books.reserve('m', tokens(22))).rejects.toThrow('spent so far: $0.0088 of $0.0100');
});

test('with shared books, a call waits for those of its own process before it is refused', async () => {
  const { books } = shared({ usd: 100, tokens: 100 }, ['none', 'none']);
  const own = sharing(books);
  const first = await own.reserve('m', tokens(60));
  const second = ask(own, tokens(60));
  await setImmediate();
  expect(second.granted).toBeUndefined();
  first.settle(used(10));
  await setImmediate();
  expect(second.granted).toBeDefined();
});

test('with shared books, a call asks again while other processes hold some', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const { books, asked } = shared({ usd: 0, tokens: 0 }, ['later', 'granted']);
    const call = ask(sharing(books), tokens(100));
    await setImmediate();
    expect(asked).toHaveLength(1);
    vi.advanceTimersByTime(999);
    await setImmediate();
    expect(asked).toHaveLength(1);
    vi.advanceTimersByTime(1);
    await setImmediate();
    expect(asked).toHaveLength(2);
    expect(call.granted).toBeDefined();
  } finally {
    vi.useRealTimers();
  }
});

test('shared books hear of a changed budget', () => {
  const { books, changed } = shared({ usd: 0, tokens: 0 }, []);
  sharing(books).setBudget({ tokens: 7 }, ['m']);
  expect(changed).toEqual([{ usd: 500, tokens: 7 }]);
});
