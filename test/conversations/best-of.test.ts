import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ConversationTree, conversationTreeSchema } from '../../src/conversations/conversation-tree.ts';
import {
  ConversationTreeBuilder,
  type ConversationTreeBuilderOptions,
} from '../../src/conversations/conversation-tree-builder.ts';
import type { ChatRequest } from '../../src/models/chat-model.ts';
import { memoryRun, openRun } from '../../src/runs/run.ts';
import { type ScriptedModel, scriptedModel } from '../../src/testing/scripted-model.ts';
import { beekeeper, cast, turnsOf } from './fakes.ts';

async function build(options: Partial<ConversationTreeBuilderOptions>): Promise<ConversationTree> {
  const builder = new ConversationTreeBuilder({ roles: cast(), turns: 2, order: 'input', ...options });
  const [tree] = await Array.fromAsync(builder.build([beekeeper()]));
  return conversationTreeSchema.parse(tree);
}

/** A model that writes numbered responses, or those of a list. */
function writer(id: string, texts?: readonly string[]): ScriptedModel {
  return scriptedModel((_request, { place }, call) => texts?.[call] ?? `${place?.role} ${call} by ${id}`, {
    id,
  });
}

/** The responses that a picker is shown, in their order. */
function shownIn({ messages }: ChatRequest): string[] {
  return Array.from(
    messages.at(-1)!.content.matchAll(/<reply ([A-P])>\s+(.*)\n<\/reply \1>/g),
    ([, , text]) => text!,
  );
}

/** Rates each response it is shown. */
function pickerBy(rate: (text: string, place: number) => unknown): ScriptedModel {
  return scriptedModel(
    (request) =>
      JSON.stringify({
        rationale: 'Read all.',
        ...Object.fromEntries(shownIn(request).map((text, at) => ['ABCDEFGHIJKLMNOP'[at], rate(text, at)])),
      }),
    { id: 'picker' },
  );
}

function rolesWith(preferred: readonly ScriptedModel[], rejected = preferred) {
  const model = cast();
  return { rolePlayer: model, inducer: model, preferred, rejected };
}

describe('one response a side by one model', () => {
  test('is asked for as before: four calls a turn, and a tree without new fields', async () => {
    const roles = cast();
    const tree = await build({ roles });
    expect(roles.calls.map(({ options }) => options.place?.role).sort()).toEqual(
      ['inducer', 'preferred', 'rejected', 'role-player'].flatMap((role) => [role, role]),
    );
    expect(
      Object.keys(tree.root!.preferred)
        .sort()
        .filter((key) => key !== 'next'),
    ).toEqual(['text', 'truncated']);
    expect(Object.keys(tree.provenance.models)).toEqual(['rolePlayer', 'inducer', 'preferred', 'rejected']);
    expect(tree.provenance).not.toHaveProperty('bestOf');
  });
});

describe('several responses', () => {
  test('are rated in two orders, and the best one is taken', async () => {
    const better = writer('a', ['fine', 'best', 'poor']);
    const generic = writer('b', ['so', 'so-so', 'better']);
    const rates: Record<string, number> = { fine: 6, best: 9, poor: 2, so: 3, 'so-so': 4, better: 5 };
    const picker = pickerBy((text) => rates[text]);
    const tree = await build({
      roles: rolesWith([better], [generic]),
      turns: 1,
      bestOf: 3,
      picker,
    });
    const { preferred, rejected } = tree.root!;
    expect(preferred).toEqual({
      text: 'best',
      truncated: false,
      score: 9,
      alternatives: [
        { text: 'fine', truncated: false, model: 'a', score: 6 },
        { text: 'poor', truncated: false, model: 'a', score: 2 },
      ],
    });
    expect(rejected).toMatchObject({ text: 'better', score: 5 });
    expect(better.calls.map(({ options }) => options.place?.role)).toEqual([
      'preferred',
      'preferred-2',
      'preferred-3',
    ]);
    const asked = picker.calls.filter(({ options }) => options.place?.role.startsWith('preferred-picker'));
    expect(asked.map(({ options }) => options.place?.role)).toEqual([
      'preferred-picker-1',
      'preferred-picker-2',
    ]);
    expect(shownIn(asked[1]!.request)).toEqual(shownIn(asked[0]!.request).toReversed());
    expect(asked[0]!.request.messages[0]!.content).toContain('Distrusts advice');
    expect(tree.provenance).toMatchObject({
      models: { preferred: 'a', rejected: 'b', picker: 'picker' },
      prompts: { picker: 'pick-response@1' },
      bestOf: { preferred: 3, rejected: 3 },
    });
  });

  test('can be for one side only, which the inducer picks by default', async () => {
    const ratings = JSON.stringify({ rationale: '', A: 3, B: '8/10' });
    const inducer = scriptedModel(({ outputSchema }) =>
      outputSchema?.name === 'ratings' ? ratings : '{"revealed": []}',
    );
    const roles = { ...rolesWith([writer('a')], [writer('b')]), inducer };
    const tree = await build({ roles, turns: 1, bestOf: { preferred: 2 } });
    expect(tree.root!.preferred.alternatives).toHaveLength(1);
    expect(tree.root!.rejected).not.toHaveProperty('alternatives');
    expect(tree.provenance.bestOf).toEqual({ preferred: 2, rejected: 1 });
  });

  test('of equal text are not rated, and of equal ratings the first one is taken', async () => {
    const picker = pickerBy(() => 5);
    const tree = await build({
      roles: rolesWith([writer('a', ['same', 'same'])], [writer('b', ['one', 'two'])]),
      turns: 1,
      bestOf: 2,
      picker,
    });
    expect(tree.root!.preferred).toMatchObject({ text: 'same', alternatives: [{ text: 'same' }] });
    expect(tree.root!.preferred).not.toHaveProperty('score');
    expect(tree.root!.rejected).toMatchObject({ text: 'one', score: 5 });
    expect(picker.calls).toHaveLength(2);
  });

  test('gain nothing by their place, whatever a picker prefers the first for', async () => {
    const picker = pickerBy((_text, at) => 9 - at);
    const tree = await build({ roles: rolesWith([writer('a')]), turns: 1, bestOf: 4, picker });
    const { score, alternatives } = tree.root!.preferred;
    expect([score, ...alternatives!.map((each) => each.score)]).toEqual([7.5, 7.5, 7.5, 7.5]);
  });

  test('that fail are left out; if all do, so does the branch', async () => {
    const withheld = { text: '', finishReason: 'content-filter' as const };
    const half = scriptedModel((_request, { place }) => (place?.role === 'preferred' ? withheld : 'There.'), {
      id: 'a',
    });
    const tree = await build({
      roles: rolesWith([half], [writer('b')]),
      turns: 1,
      bestOf: { preferred: 2 },
    });
    expect(tree.root!.preferred).toMatchObject({ text: 'There.', alternatives: [] });
    const none = scriptedModel(withheld, { id: 'a' });
    const failed = await build({
      roles: rolesWith([none], [writer('b')]),
      turns: 1,
      bestOf: { preferred: 2 },
    });
    expect(failed).toMatchObject({ root: null, failures: [{ role: 'preferred', code: 'content-filter' }] });
  });

  test('without a usable rating are not chosen from: the first one is taken', async () => {
    const picker = scriptedModel('They are all nice.');
    const tree = await build({
      roles: rolesWith([writer('a', ['one', 'two'])]),
      turns: 1,
      bestOf: { preferred: 2 },
      picker,
    });
    expect(tree.root!.preferred).toEqual({
      text: 'one',
      truncated: false,
      alternatives: [{ text: 'two', truncated: false, model: 'a' }],
    });
    expect(picker.calls).toHaveLength(6);
  });

  test('go on from a run with one, and are replayed', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'aloe-best-of-'));
    const roles = cast();
    const picker = pickerBy((text) => (text.includes('2') ? 9 : 4));
    const tree = async (bestOf: number, model: ScriptedModel) => {
      const run = await openRun(dir);
      try {
        return await build({ run, roles: model, picker, turns: 1, bestOf });
      } finally {
        await run.close();
      }
    };
    await tree(1, roles);
    expect(roles.calls).toHaveLength(4);
    const three = await tree(3, roles);
    expect(roles.calls).toHaveLength(8);
    expect(await tree(3, scriptedModel(new Error('must not be asked')))).toEqual(three);
    await rm(dir, { recursive: true });
  });
});

describe('several teachers', () => {
  test('write by turns, both responses of a turn by the same one, in an order drawn by the seed', async () => {
    const teachers = ['a', 'b', 'c'].map((id) => writer(id));
    const orders = new Set<string>();
    for (let seed = 0; seed < 12; seed++) {
      const tree = await build({ run: memoryRun({ seed }), roles: rolesWith(teachers), turns: 3 });
      const by = turnsOf(tree).map(({ preferred }) => preferred.model);
      expect(turnsOf(tree).map(({ rejected }) => rejected.model)).toEqual(by);
      expect(by.toSorted()).toEqual(['a', 'b', 'c']);
      for (const { preferred } of turnsOf(tree)) expect(preferred.text).toContain(`by ${preferred.model}`);
      orders.add(by.join(''));
    }
    expect([...orders].sort()).toEqual(['abc', 'bca', 'cab']);
  });

  test('give a response each', async () => {
    const teachers = ['a', 'b'].map((id) => writer(id));
    const picker = pickerBy((text) => (text.includes('by b') ? 8 : 3));
    const tree = await build({ roles: rolesWith(teachers), bestOf: 2, picker });
    for (const { preferred, rejected } of turnsOf(tree)) {
      for (const { model, alternatives } of [preferred, rejected]) {
        expect(model).toBe('b');
        expect(alternatives).toMatchObject([{ model: 'a', score: 3 }]);
      }
    }
    expect(tree.provenance.models).toMatchObject({ preferred: 'a, b', rejected: 'a, b' });
  });
});

test.each([
  ['no teacher', { roles: rolesWith([]) }, 'roles.preferred'],
  ['a teacher that is none', { roles: rolesWith(['a'] as never) }, 'roles.preferred'],
  ['the best of none', { bestOf: 0 }, 'bestOf'],
  ['more responses than one call can rate', { bestOf: { rejected: 17 } }, 'bestOf.rejected'],
  ['the best of a side that is none', { bestOf: { chosen: 2 } as never }, 'chosen'],
  ['a picker that is none', { picker: {} as never }, 'picker'],
])('a builder refuses %s', (_name, options, words) => {
  expect(() => new ConversationTreeBuilder({ roles: cast(), ...options })).toThrow(words);
});
