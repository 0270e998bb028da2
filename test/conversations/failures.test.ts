import { describe, expect, test } from 'vitest';
import { continueBoth } from '../../src/conversations/continuation.ts';
import {
  ConversationTreeBuilder,
  type ConversationTreeBuilderOptions,
} from '../../src/conversations/conversation-tree-builder.ts';
import type { RolePlayerVariables } from '../../src/conversations/prompts/role-player.ts';
import { InvalidOptionError, ModelCallError } from '../../src/errors.ts';
import type { Prompt } from '../../src/models/prompt.ts';
import type { Persona } from '../../src/personas/persona.ts';
import { memoryRun } from '../../src/runs/run.ts';
import { beekeeper, beekeepers, callsOf, cast, gate, openIds, turnsOf } from './fakes.ts';

const isSecond = (subject: string | undefined) => subject?.startsWith('beekeeper-2+') ?? false;

describe('an unusable reply', () => {
  test.each([
    ['a refusal', "I'm sorry, but I can't assist with that.", 'it refused to write'],
    ['an assistant’s phrase', 'As an AI, I have no bees.', 'it sounded like an assistant'],
    ["the friend's part", 'Friend: How are the bees?', "it wrote the friend's part"],
    ['another age', 'I am 43 and tired.', '"i am 43" contradicts what is true of the person: age 58'],
    [
      'too much',
      'My sister in Vigo bakes, the eleven hives stand behind the barn, I play the accordion at weddings.',
      'it told 3 things about the person',
    ],
    ['nothing but a stage direction', '*smiles*', 'it held no words'],
    ['nothing', '', 'it held no words'],
  ])(
    '%s is requested again with the reason, as another sample with another seed',
    async (_what, reply, reason) => {
      const model = cast({
        'role-player': (_request, { place }) => (place?.turn === 2 && place.sample === 0 ? reply : undefined),
      });
      const [tree] = await Array.fromAsync(
        new ConversationTreeBuilder({ roles: model, turns: 2 }).build([beekeeper()]),
      );
      const [first, second] = callsOf(model, 'role-player').filter(
        ({ options }) => options.place?.turn === 2,
      );
      expect([first, second].map((call) => call!.options.place?.sample)).toEqual([0, 1]);
      expect(first!.request.seed).not.toBe(second!.request.seed);
      const [before, after] = [first!, second!].map(({ request }) => request.messages);
      expect(after!.slice(0, -1)).toEqual(before!.slice(0, -1));
      expect(after!.at(-1)!.content).toContain(
        `${before!.at(-1)!.content}\n\n[Your last draft of this message cannot be sent: ${reason}`,
      );
      const later = model.calls.slice(model.calls.indexOf(second!) + 1);
      expect(later.some(({ request }) => JSON.stringify(request).includes('cannot be sent'))).toBe(false);
      expect(turnsOf(tree!)).toHaveLength(2);
      expect(tree!.failures).toEqual([]);
      expect(turnsOf(tree!)[1]!.checks?.found).toHaveLength(1);
      expect(tree!.userChecks).toMatchObject({
        messages: 2,
        problems: [{ found: 1, repaired: 1, kept: 0, failed: 0 }],
      });
    },
  );

  test('that repeats the words of its own prompt is requested again, and may use the words it was given', async () => {
    const rolePlayer: Prompt<RolePlayerVariables> = {
      id: 'pirate',
      version: 1,
      messages: ({ persona, correction }) => [
        { role: 'system', content: `True of you: ${persona.profile.facts.join('; ')}.` },
        { role: 'user', content: `Answer like a pirate who has lost his ship. ${correction ?? ''}` },
      ],
    };
    const model = cast({
      'role-player': (_request, { place }) =>
        place?.sample === 0
          ? 'Arr, I answer like a pirate who has lost his ship!'
          : 'She keeps eleven hives behind the barn, my sister says of me.',
    });
    const builder = new ConversationTreeBuilder({ roles: model, turns: 1, prompts: { rolePlayer } });
    const [tree] = await Array.fromAsync(builder.build([beekeeper()]));
    expect(turnsOf(tree!)[0]!.checks).toEqual({ found: ['prompt-echo'] });
    expect(turnsOf(tree!)[0]!.user).toContain('keeps eleven hives behind the barn');
  });

  test('that repeats an earlier message is requested again', async () => {
    const model = cast({
      'role-player': (_request, { place }) => (place?.sample === 0 ? 'The bees are back.' : undefined),
    });
    const [tree] = await Array.fromAsync(
      new ConversationTreeBuilder({ roles: model, turns: 3 }).build([beekeeper()]),
    );
    expect(callsOf(model, 'role-player')).toHaveLength(5);
    expect(new Set(turnsOf(tree!).map(({ user }) => user)).size).toBe(3);
  });

  test.each(['preferred', 'rejected'] as const)('an empty %s response is requested again', async (side) => {
    const model = cast({
      [side]: (_request: unknown, { place }: { place?: { sample?: number } }) =>
        place?.sample === 0 ? ' \n' : undefined,
    });
    const [tree] = await Array.fromAsync(
      new ConversationTreeBuilder({ roles: model, turns: 2 }).build([beekeeper()]),
    );
    expect(callsOf(model, side).map(({ options }) => options.place?.sample)).toEqual([0, 1, 0, 1]);
    expect(tree!.failures).toEqual([]);
  });

  test.each([
    ['role-player', 'I am an AI.', 2, 'assistant-voice'],
    ['inducer', 'No idea.', 2, 'revealed_traits'],
    ['preferred', '', 2, 'empty'],
    ['rejected', '', 2, 'empty'],
  ] as const)(
    'from the %s ends its conversation after three attempts; other conversations continue',
    async (role, bad, turn, why) => {
      const model = cast({
        [role]: (_request: unknown, { place }: { place?: { turn?: number; subject?: string } }) =>
          place?.turn === turn && isSecond(place.subject) ? bad : undefined,
      });
      const builder = new ConversationTreeBuilder({ roles: model, turns: 4, order: 'input' });
      const trees = await Array.fromAsync(builder.build(beekeepers(3)));
      expect(trees.map((tree) => turnsOf(tree).length)).toEqual([4, 1, 4]);
      expect(trees[1]!.failures).toEqual([
        expect.objectContaining({
          turn,
          role,
          code: 'malformed-reply',
          message: expect.stringContaining(why),
        }),
      ]);
      expect([trees[0]!.failures, trees[2]!.failures]).toEqual([[], []]);
      const asked = callsOf(model, role).filter(({ options }) => isSecond(options.place?.subject));
      expect(asked.filter(({ options }) => options.place?.turn === turn)).toHaveLength(3);
    },
  );

  test('that a person could still have written is kept and marked after three attempts', async () => {
    const model = cast({ 'role-player': (_request, { place }) => `I am ${40 + place!.turn!} and tired.` });
    const [tree] = await Array.fromAsync(
      new ConversationTreeBuilder({ roles: model, turns: 2 }).build([beekeeper()]),
    );
    expect(turnsOf(tree!).map(({ user, checks }) => [user, checks])).toEqual([
      [
        'I am 41 and tired.',
        { found: ['contradiction', 'contradiction', 'contradiction'], kept: 'contradiction' },
      ],
      [
        'I am 42 and tired.',
        { found: ['contradiction', 'contradiction', 'contradiction'], kept: 'contradiction' },
      ],
    ]);
    expect(tree!.userChecks).toEqual({
      messages: 2,
      problems: [{ problem: 'contradiction', found: 2, repaired: 0, kept: 2, failed: 0 }],
    });
  });

  test('at the first turn leaves a tree without a root', async () => {
    const builder = new ConversationTreeBuilder({ roles: cast({ 'role-player': () => '...' }), turns: 4 });
    const [tree] = await Array.fromAsync(builder.build([beekeeper()]));
    expect(tree).toMatchObject({ root: null, failures: [{ turn: 1, role: 'role-player' }] });
  });

  test('from two roles of a turn is recorded for both', async () => {
    const builder = new ConversationTreeBuilder({
      roles: cast({ preferred: () => '', rejected: () => '' }),
      turns: 4,
    });
    const [tree] = await Array.fromAsync(builder.build([beekeeper()]));
    expect(tree!.failures.map(({ role }) => role)).toEqual(['preferred', 'rejected']);
  });

  test('ends one branch of a tree but not the other', async () => {
    const model = cast({
      preferred: (_request, { place }) => (place?.subject.endsWith(':r') ? '' : undefined),
    });
    const builder = new ConversationTreeBuilder({
      roles: model,
      turns: 4,
      continuation: continueBoth({ depth: 1 }),
    });
    const [tree] = await Array.fromAsync(builder.build([beekeeper()]));
    expect(tree!.root!.rejected.next).toBeUndefined();
    expect(turnsOf(tree!)).toHaveLength(4);
    expect(tree!.failures).toMatchObject([{ turn: 2, role: 'preferred' }]);
  });
});

describe('a reply that hit its token limit', () => {
  test('is cut back to its last complete sentence, and marked if it is a response', async () => {
    const cut = (text: string) => () => ({ text, finishReason: 'length' as const });
    const model = cast({
      'role-player': cut('The bees are back. They bro'),
      preferred: cut('Good. How man'),
      rejected: () => 'Bees are insects.',
    });
    const [tree] = await Array.fromAsync(
      new ConversationTreeBuilder({ roles: model, turns: 1 }).build([beekeeper()]),
    );
    expect(tree!.root).toEqual({
      turn: 1,
      user: 'The bees are back.',
      revealed: ['F1'],
      preferred: { text: 'Good.', truncated: true },
      rejected: { text: 'Bees are insects.', truncated: false },
    });
  });

  test.each([
    ['role-player', 'userMessages'],
    ['preferred', 'responses'],
  ] as const)(
    'while the %s was still reasoning is not requested again, and the error names %s',
    async (role, option) => {
      const model = cast({ [role]: () => ({ text: '<think>They like bees. So I', finishReason: 'length' }) });
      const [tree] = await Array.fromAsync(
        new ConversationTreeBuilder({ roles: model, turns: 1 }).build([beekeeper()]),
      );
      expect(callsOf(model, role)).toHaveLength(1);
      expect(tree!.failures).toMatchObject([
        {
          role,
          code: 'malformed-reply',
          message: expect.stringContaining(`Raise ${option}.maxOutputTokens`),
        },
      ]);
    },
  );
});

test('completed reasoning is removed', async () => {
  const model = cast({ preferred: () => '<think>They like bees.</think>\n\nBees!' });
  const builder = new ConversationTreeBuilder({ roles: model, turns: 1 });
  const [tree] = await Array.fromAsync(builder.build([beekeeper()]));
  expect(tree!.root!.preferred).toEqual({ text: 'Bees!', truncated: false });
});

describe('a reply withheld by the provider', () => {
  test.each(['role-player', 'preferred', 'rejected'] as const)(
    'from the %s ends its branch with its own code, after one request',
    async (role) => {
      const model = cast({
        [role]: (_request: unknown, { place }: { place?: { turn?: number; subject?: string } }) =>
          place?.turn === 2 && isSecond(place.subject)
            ? { text: 'Half an ans', finishReason: 'content-filter' }
            : undefined,
      });
      const builder = new ConversationTreeBuilder({ roles: model, turns: 3, order: 'input' });
      const trees = await Array.fromAsync(builder.build(beekeepers(3)));
      expect(trees.map((tree) => turnsOf(tree).length)).toEqual([3, 1, 3]);
      expect(trees.map(({ failures }) => failures)).toEqual([
        [],
        [{ turn: 2, role, code: 'content-filter', message: expect.stringContaining('content filter') }],
        [],
      ]);
      const asked = callsOf(model, role).filter(({ options }) => isSecond(options.place?.subject));
      expect(asked.filter(({ options }) => options.place?.turn === 2)).toHaveLength(1);
    },
  );
});

describe('a call that fails', () => {
  test('in one conversation only is recorded there, with the cause and without secrets', async () => {
    const model = cast({
      rejected: (_request, { place }) =>
        isSecond(place?.subject) ? new Error('context too long; api_key=abcdef0123456789') : undefined,
    });
    const builder = new ConversationTreeBuilder({ roles: model, turns: 2, order: 'input' });
    const trees = await Array.fromAsync(builder.build(beekeepers(3)));
    expect(trees.map((tree) => turnsOf(tree).length)).toEqual([2, 0, 2]);
    expect(trees[1]!.failures).toEqual([
      {
        turn: 1,
        role: 'rejected',
        code: 'unknown',
        message: expect.stringMatching(/^context too long; (?!.*abcdef)/),
      },
    ]);
  });

  const unauthorized = () => new ModelCallError('scripted', 'wrong key', { status: 401, retryable: false });

  test.each(['role-player', 'inducer', 'preferred', 'rejected'] as const)(
    'in a way that affects all conversations ends the stream with its error: %s',
    async (role) => {
      const error = unauthorized();
      const model = cast({
        [role]: (_r: unknown, { place }: { place?: { turn?: number } }) =>
          place?.turn === 2 ? error : undefined,
      });
      const stream = new ConversationTreeBuilder({ roles: model, turns: 4 }).build(beekeepers(20));
      await expect(Array.fromAsync(stream)).rejects.toBe(error);
    },
  );

  test('in a way that affects all conversations takes precedence over a failure of one', async () => {
    const error = unauthorized();
    const roles = cast({ preferred: () => new Error('too long'), rejected: () => error });
    const stream = new ConversationTreeBuilder({ roles, turns: 1 }).build([beekeeper()]);
    await expect(Array.fromAsync(stream)).rejects.toBe(error);
  });

  test.each([
    ['previous-turns', ['role-player', 'inducer']],
    ['current-message', ['role-player']],
  ] as const)(
    'in a way that affects all conversations stops the other branch before its next call: %s',
    async (induction, roles) => {
      const waiting = gate();
      const error = unauthorized();
      const model = cast({
        'role-player': (_request, { place }) => {
          if (place?.subject.endsWith(':r')) return waiting.opened;
          if (!place?.subject.endsWith(':p')) return undefined;
          setTimeout(() => waiting.open(), 5);
          return error;
        },
      });
      const continuation = continueBoth({ depth: 1 });
      const stream = new ConversationTreeBuilder({ roles: model, turns: 9, continuation, induction }).build([
        beekeeper(),
      ]);
      await expect(Array.fromAsync(stream)).rejects.toBe(error);
      const asked = model.calls.length;
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(model.calls.length).toBe(asked);
      const asSecond = model.calls.filter(({ options }) => options.place?.turn === 2);
      expect(new Set(asSecond.map(({ options }) => options.place?.role))).toEqual(new Set(roles));
      expect(model.calls.some(({ options }) => (options.place?.turn ?? 0) > 2)).toBe(false);
    },
  );

  test('with a transient error is retried by the run', async () => {
    const run = memoryRun({ retry: { baseDelayMs: 0 } });
    let failed = 0;
    const model = cast({
      preferred: () =>
        failed++ < 2 ? new ModelCallError('scripted', 'busy', { status: 503, retryable: true }) : undefined,
    });
    const [tree] = await Array.fromAsync(
      new ConversationTreeBuilder({ run, roles: model, turns: 1 }).build([beekeeper()]),
    );
    expect(tree!.failures).toEqual([]);
    expect(callsOf(model, 'preferred')).toHaveLength(3);
  });
});

describe('invalid options', () => {
  const cases: [string, Partial<Record<keyof ConversationTreeBuilderOptions, unknown>>][] = [
    ['roles', { roles: undefined }],
    ['roles', { roles: 'gpt-4o' }],
    ['roles', { roles: { generate: 1 } }],
    ['roles.inducer', { roles: { rolePlayer: cast(), preferred: cast(), rejected: cast() } }],
    ['turns', { turns: 0 }],
    ['turns', { turns: 2.5 }],
    ['concurrency', { concurrency: 0 }],
    ['order', { order: 'random' }],
    ['induction', { induction: 'all' }],
    ['continuation', { continuation: 'both' }],
    ['onEvent', { onEvent: {} }],
    ['run', { run: {} }],
    ['prompts.responder', { prompts: { responder: 'Say hello' } }],
    ['userMessages.temperature', { userMessages: { temperature: -1 } }],
    ['responses.maxOutputTokens', { responses: { maxOutputTokens: 0 } }],
  ];

  test.each(cases)('are rejected by name when the builder is created: %s', (name, wrong) => {
    const make = () =>
      new ConversationTreeBuilder({ roles: cast(), ...wrong } as ConversationTreeBuilderOptions);
    expect(make).toThrow(InvalidOptionError);
    expect(make).toThrow(`Option "${name}"`);
  });

  test.each([null, 5, {}])('are rejected if personas are not iterable: %j', (personas) => {
    const builder = new ConversationTreeBuilder({ roles: cast() });
    expect(() => builder.build(personas as unknown as Persona[])).toThrow('Option "personas"');
  });

  test('an invalid persona ends the stream before it is played', async () => {
    const model = cast();
    const broken = { ...beekeeper(), profile: { id: 'x', facts: [] } };
    const stream = new ConversationTreeBuilder({ roles: model }).build([broken]);
    await expect(Array.fromAsync(stream)).rejects.toThrow(/Option "personas".*facts/);
    expect(model.calls).toHaveLength(0);
  });
});

test('an untidy reply of the inducer is understood: cumulative, decorated or in words', async () => {
  const answers = [
    '{"revealed": ["f1", "T1: Grumbles before agreeing"]}',
    'They show: ```json\n{"revealed": ["F1", "T1", "Sold the tractor last spring", "F42"]}\n```',
    '{"revealed": ["F1"]}',
  ];
  const model = cast({ inducer: (_request, { place }) => answers[(place?.turn ?? 0) - 1] });
  const [tree] = await Array.fromAsync(
    new ConversationTreeBuilder({ roles: model, turns: 3 }).build([beekeeper()]),
  );
  expect(turnsOf(tree!).map(({ revealed }) => revealed)).toEqual([
    ['F1', 'T1'],
    ['F1', 'F3', 'T1'],
    ['F1', 'F3', 'T1'],
  ]);
  expect(callsOf(model, 'inducer')).toHaveLength(3);
  expect(openIds(callsOf(model, 'inducer')[1]!.request)).toEqual(['F2', 'F3', 'F4', 'F5', 'T2', 'T3']);
});

test('a reply of the inducer without any valid id is requested again', async () => {
  const model = cast({
    inducer: (_request, { place }) => (place?.sample === 0 ? '{"revealed": ["bees", "F77"]}' : undefined),
  });
  const [tree] = await Array.fromAsync(
    new ConversationTreeBuilder({ roles: model, turns: 1 }).build([beekeeper()]),
  );
  expect(callsOf(model, 'inducer')).toHaveLength(2);
  expect(turnsOf(tree!)[0]!.revealed).toEqual(['F1']);
});

test('a user message that got no response is counted', async () => {
  const model = cast({
    'role-player': (_request, { place }) => (place!.sample === 0 ? 'How can I help you?' : undefined),
    preferred: () => new ModelCallError('preferred', 'too long', { status: 400, retryable: false }),
  });
  const [tree] = await Array.fromAsync(new ConversationTreeBuilder({ roles: model }).build([beekeeper()]));
  expect(tree!.root).toBeNull();
  expect(tree!.userChecks).toEqual({
    messages: 1,
    problems: [{ problem: 'assistant-voice', found: 1, repaired: 1, kept: 0, failed: 0 }],
  });
});
