import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import {
  type ConversationEvent,
  ConversationTreeBuilder,
} from '../../src/conversations/conversation-tree-builder.ts';
import type { Persona } from '../../src/personas/persona.ts';
import { memoryRun } from '../../src/runs/run.ts';
import { beekeeper, beekeepers, cast, gate, turnsOf } from './fakes.ts';

/** A model whose first conversation waits until it is released. */
function slowFirst() {
  const first = gate();
  const model = cast({
    'role-player': (_request, { place }) =>
      place?.subject.startsWith('beekeeper-1+') ? first.opened : undefined,
  });
  return { model, release: () => first.open() };
}

async function* counted(
  personas: readonly Persona[],
  onTaken: (count: number) => void,
): AsyncGenerator<Persona> {
  for (const [index, persona] of personas.entries()) {
    onTaken(index + 1);
    yield persona;
  }
}

describe('the stream of trees', () => {
  test('yields each tree as soon as it is complete', async () => {
    const { model, release } = slowFirst();
    const ids: string[] = [];
    for await (const { id } of new ConversationTreeBuilder({ roles: model, turns: 1 }).build(beekeepers(3))) {
      ids.push(id);
      if (ids.length === 2) release();
    }
    expect(ids.at(-1)).toBe(beekeeper(1).id);
    expect(ids).toHaveLength(3);
  });

  test('keeps the order of the personas if requested', async () => {
    const { model, release } = slowFirst();
    const builder = new ConversationTreeBuilder({
      roles: model,
      turns: 1,
      order: 'input',
      onEvent: (event) =>
        event.type === 'conversation-end' && event.conversationId.startsWith('beekeeper-3') && release(),
    });
    const trees = await Array.fromAsync(builder.build(beekeepers(3)));
    expect(trees.map(({ persona }) => persona)).toEqual(beekeepers(3));
  });

  test('takes personas from an async source only as fast as it can play them', async () => {
    let taken = 0;
    const source = counted(beekeepers(60), (count) => {
      taken = count;
    });
    const stream = new ConversationTreeBuilder({ roles: cast(), turns: 1, concurrency: 2 }).build(source);
    await stream.next();
    await sleep(30);
    expect(taken).toBeLessThan(20);
    await stream.return(undefined);
  });

  test('plays at most `concurrency` conversations at a time', async () => {
    let live = 0;
    let most = 0;
    const builder = new ConversationTreeBuilder({
      roles: cast(),
      turns: 2,
      concurrency: 3,
      onEvent({ type }) {
        live += type === 'conversation-start' ? 1 : type === 'conversation-end' ? -1 : 0;
        most = Math.max(most, live);
      },
    });
    await Array.fromAsync(builder.build(beekeepers(12)));
    expect(most).toBe(3);
  });

  test('starts nothing until it is read', async () => {
    const model = cast();
    new ConversationTreeBuilder({ roles: model }).build(beekeepers(2));
    await sleep(5);
    expect(model.calls).toHaveLength(0);
  });

  test('stops the work if its reader stops', async () => {
    const model = cast();
    let closed = false;
    async function* source() {
      try {
        yield* beekeepers(100);
      } finally {
        closed = true;
      }
    }
    for await (const _tree of new ConversationTreeBuilder({ roles: model, turns: 4 }).build(source())) break;
    const asked = model.calls.length;
    await sleep(20);
    expect(model.calls.length).toBe(asked);
    expect(closed).toBe(true);
  });

  test('gives each conversation the id of its persona, with a number if the persona appears again', async () => {
    const [first, second] = [beekeeper(1), beekeeper(2)];
    const namesake: Persona = { ...second, id: `${first.id}#2` };
    const builder = new ConversationTreeBuilder({ roles: cast(), turns: 2, order: 'input' });
    const trees = await Array.fromAsync(builder.build([first, second, first, namesake, first]));
    expect(trees.map(({ id }) => id)).toEqual([
      first.id,
      second.id,
      `${first.id}#2`,
      `${first.id}#2#2`,
      `${first.id}#3`,
    ]);
    expect(new Set(trees.map(({ root }) => JSON.stringify(root))).size).toBe(5);
  });
});

describe('an abort', () => {
  test("throws the signal's reason; unfinished trees are not yielded, but their calls stay in the run", async () => {
    const run = memoryRun();
    const controller = new AbortController();
    const reason = new Error('closing time');
    let gone = 0;
    const builder = (maximum: number) =>
      new ConversationTreeBuilder({
        run,
        roles: cast(),
        turns: 6,
        onEvent: (event) => {
          if (event.type === 'turn-end' && ++gone === maximum) controller.abort(reason);
        },
      });
    const yielded: unknown[] = [];
    const reading = (async () => {
      for await (const tree of builder(5).build(beekeepers(4), { signal: controller.signal }))
        yielded.push(tree);
    })();
    await expect(reading).rejects.toBe(reason);
    expect(yielded).toEqual([]);
    const { calls } = run.stats();
    expect(calls).toBeGreaterThan(0);
    const trees = await Array.fromAsync(builder(-1).build(beekeepers(4)));
    expect(trees.map((tree) => turnsOf(tree).length)).toEqual([6, 6, 6, 6]);
    expect(run.stats().replayed).toBe(calls);
  });

  test('before the first turn makes no calls', async () => {
    const model = cast();
    const signal = AbortSignal.abort('no');
    const stream = new ConversationTreeBuilder({ roles: model }).build([beekeeper()], { signal });
    await expect(Array.fromAsync(stream)).rejects.toBe('no');
    expect(model.calls).toHaveLength(0);
  });
});

test('events report each conversation and turn as they happen', async () => {
  const events: ConversationEvent[] = [];
  const roles = cast({ 'role-player': (_request, { place }) => (place?.turn === 3 ? '' : undefined) });
  const builder = new ConversationTreeBuilder({ roles, turns: 3, onEvent: (event) => events.push(event) });
  const [tree] = await Array.fromAsync(builder.build([beekeeper()]));
  const id = beekeeper().id;
  expect(events.map(({ type, conversationId }) => [type, conversationId])).toEqual([
    ['conversation-start', id],
    ['turn-end', id],
    ['turn-end', id],
    ['conversation-end', id],
  ]);
  expect(events.flatMap((event) => (event.type === 'turn-end' ? [event.node.user] : []))).toEqual(
    turnsOf(tree!).map(({ user }) => user),
  );
  expect(events.at(-1)).toEqual({ type: 'conversation-end', conversationId: id, tree });
});

test('an error thrown by an event handler ends the stream', async () => {
  const error = new Error('no room for progress');
  const builder = new ConversationTreeBuilder({
    roles: cast(),
    onEvent: ({ type }) => {
      if (type === 'turn-end') throw error;
    },
  });
  await expect(Array.fromAsync(builder.build(beekeepers(3)))).rejects.toBe(error);
});
