import { describe, expect, test } from 'vitest';
import { ConversationTreeBuilder } from '../../src/conversations/conversation-tree-builder.ts';
import { steeredRolePlayerPrompt } from '../../src/conversations/prompts/steered-role-player.ts';
import { numberStatements } from '../../src/personas/persona.ts';
import {
  type Answer,
  beekeeper,
  beekeepers,
  callsOf,
  cast,
  gate,
  openIds,
  type RoleName,
  turnsOf,
} from './fakes.ts';

const persona = beekeeper();

describe('the roles', () => {
  test('play the given number of turns, ten by default', async () => {
    for (const turns of [1, 4, undefined]) {
      const [tree] = await Array.fromAsync(
        new ConversationTreeBuilder({ roles: cast(), turns }).build([persona]),
      );
      expect(turnsOf(tree!).map(({ turn }) => turn)).toEqual(
        Array.from({ length: turns ?? 10 }, (_, index) => index + 1),
      );
      expect(tree!.failures).toEqual([]);
    }
  });

  test('are played by the given models', async () => {
    const models = { rolePlayer: cast(), inducer: cast(), preferred: cast(), rejected: cast() };
    await Array.fromAsync(new ConversationTreeBuilder({ roles: models, turns: 3 }).build([persona]));
    expect(Object.values(models).map(({ calls }) => calls.length)).toEqual([3, 3, 3, 3]);
    expect(callsOf(models.rolePlayer, 'role-player')).toHaveLength(3);
    expect(callsOf(models.inducer, 'inducer')).toHaveLength(3);
  });

  test('ask for user messages about one fact each with the steered prompt, using all facts before any comes up again', async () => {
    const model = cast();
    const prompts = { rolePlayer: steeredRolePlayerPrompt };
    await Array.fromAsync(new ConversationTreeBuilder({ roles: model, turns: 10, prompts }).build([persona]));
    const told = callsOf(model, 'role-player').map(({ request }) => {
      const last = request.messages.at(-1)!.content;
      return persona.profile.facts.findIndex((fact) => last.includes(`Write about this: ${fact}.`));
    });
    expect(new Set(told.slice(0, 5))).toEqual(new Set([0, 1, 2, 3, 4]));
    expect(told.slice(5)).toEqual(told.slice(0, 5));
    const again = callsOf(model, 'role-player').map(({ request }) =>
      request.messages.at(-1)!.content.includes('say something new'),
    );
    expect(again).toEqual(told.map((_, index) => index >= 5));
  });

  test('tell the rejected model nothing about the persona', async () => {
    const model = cast();
    await Array.fromAsync(new ConversationTreeBuilder({ roles: model, turns: 6 }).build(beekeepers(3)));
    const seen = JSON.stringify(callsOf(model, 'rejected').map(({ request }) => request));
    for (const { text } of numberStatements(persona)) expect(seen).not.toContain(text);
    expect(seen).not.toMatch(/beekeeper|gruff|What you know/);
  });

  test('send preferred and rejected the same request, except for the hint at the end', async () => {
    const model = cast();
    const builder = new ConversationTreeBuilder({ roles: model, turns: 6 });
    const [tree] = await Array.fromAsync(builder.build([persona]));
    const texts = new Map(numberStatements(persona).map(({ id, text }) => [id, text]));
    for (const { turn, user, revealed } of turnsOf(tree!)) {
      const [preferred, rejected] = (['preferred', 'rejected'] as const).map(
        (side) => callsOf(model, side).find(({ options }) => options.place?.turn === turn)!.request,
      );
      const { messages, seed, ...settings } = preferred!;
      const { messages: bare, seed: otherSeed, ...otherSettings } = rejected!;
      expect(settings).toEqual(otherSettings);
      expect(seed).not.toBe(otherSeed);
      expect(messages.slice(0, -1)).toEqual(bare.slice(0, -1));
      expect(bare.at(-1)).toEqual({ role: 'user', content: user });
      const hint = messages.at(-1)!.content.slice(user.length);
      expect(messages.at(-1)!.content.startsWith(user)).toBe(true);
      const traits = revealed.filter((id) => id.startsWith('T'));
      const hinted = traits.length > 0 ? traits : revealed;
      for (const [id, text] of texts) expect(hint.includes(text)).toBe(hinted.includes(id));
      expect(hint === '').toBe(revealed.length === 0);
    }
  });

  test('never see a hint in the conversation', async () => {
    const model = cast();
    await Array.fromAsync(new ConversationTreeBuilder({ roles: model, turns: 6 }).build([persona]));
    for (const { request, options } of model.calls) {
      const history = options.place?.role === 'preferred' ? request.messages.slice(0, -1) : request.messages;
      expect(JSON.stringify(history)).not.toContain('What you know about me');
    }
  });

  test('continue from the response that was picked, in all four roles', async () => {
    const model = cast();
    const builder = new ConversationTreeBuilder({ roles: model, turns: 5 });
    const [tree] = await Array.fromAsync(builder.build([persona]));
    const turns = turnsOf(tree!);
    const said = turns
      .slice(0, 4)
      .flatMap(({ user, preferred, rejected }) => [user, (preferred.next ? preferred : rejected).text]);
    const last = callsOf(model, 'rejected').at(-1)!.request.messages;
    expect(last.slice(1).map(({ content }) => content)).toEqual([...said, turns[4]!.user]);
    const heard = callsOf(model, 'role-player')
      .at(-1)!
      .request.messages.map(({ content }) => content)
      .join('\n');
    for (const text of said) expect(heard).toContain(text);
    for (const { preferred, rejected } of turns.slice(0, 4)) {
      expect(heard).not.toContain((preferred.next ? rejected : preferred).text);
    }
  });

  test('use the given settings and prompts', async () => {
    const model = cast();
    const [tree] = await Array.fromAsync(
      new ConversationTreeBuilder({
        roles: model,
        turns: 2,
        userMessages: { temperature: 0.3, maxOutputTokens: 33 },
        responses: { temperature: 0.4, maxOutputTokens: 44 },
        prompts: {
          responder: { id: 'mine', version: 3, messages: () => [{ role: 'user', content: 'Moo?' }] },
        },
      }).build([persona]),
    );
    expect(callsOf(model, 'role-player')[0]!.request).toMatchObject({
      temperature: 0.3,
      maxOutputTokens: 33,
    });
    expect(callsOf(model, 'rejected')[0]!.request).toMatchObject({
      temperature: 0.4,
      maxOutputTokens: 44,
      messages: [{ content: 'Moo?' }],
    });
    expect(tree!.provenance).toEqual({
      models: { rolePlayer: 'scripted', inducer: 'scripted', preferred: 'scripted', rejected: 'scripted' },
      prompts: { rolePlayer: 'role-player@3', inducer: 'induction@3', responder: 'mine@3' },
      induction: 'current-message',
      seed: 0,
    });
  });
});

describe('induction', () => {
  const lastSaid = (transcript: string) =>
    transcript.split('\n').findLast((line) => /^(Person|Friend): /.test(line));

  test('sees the previous turns alone if asked to, and makes no call at the first one', async () => {
    const model = cast();
    const builder = new ConversationTreeBuilder({ roles: model, turns: 4, induction: 'previous-turns' });
    const [tree] = await Array.fromAsync(builder.build([persona]));
    const [first, second, third] = turnsOf(tree!);
    const calls = callsOf(model, 'inducer');
    expect(calls.map(({ options }) => options.place?.turn)).toEqual([2, 3, 4]);
    const transcript = calls[1]!.request.messages.at(-1)!.content;
    expect(transcript).toContain(`Person: ${first!.user}`);
    expect(transcript).toContain(`Person: ${second!.user}`);
    expect(transcript).not.toContain(third!.user);
    expect(lastSaid(transcript)).toMatch(/^Friend: /);
    expect(first!.revealed).toEqual([]);
  });

  test('sees the current message, from the first turn to the last', async () => {
    const model = cast();
    const builder = new ConversationTreeBuilder({ roles: model, turns: 3 });
    const [tree] = await Array.fromAsync(builder.build([persona]));
    const calls = callsOf(model, 'inducer');
    expect(calls.map(({ options }) => options.place?.turn)).toEqual([1, 2, 3]);
    for (const [index, turn] of turnsOf(tree!).entries()) {
      expect(lastSaid(calls[index]!.request.messages.at(-1)!.content)).toBe(`Person: ${turn.user}`);
      expect(turn.revealed).toHaveLength(index + 1);
    }
    expect(tree!.provenance.induction).toBe('current-message');
  });

  test('only grows, by at most three statements per turn, and invents none', async () => {
    const greedy: Answer = (request) =>
      JSON.stringify({ revealed: [...openIds(request).toReversed(), 'F99', 'X'] });
    const builder = new ConversationTreeBuilder({ roles: cast({ inducer: greedy }), turns: 5 });
    const [tree] = await Array.fromAsync(builder.build([persona]));
    const known = turnsOf(tree!).map(({ revealed }) => revealed);
    expect(known.map(({ length }) => length)).toEqual([3, 6, 8, 8, 8]);
    expect(known[0]).toEqual(['T1', 'T2', 'T3']);
    for (const [index, ids] of known.entries())
      expect(ids).toEqual(expect.arrayContaining([...(known[index - 1] ?? [])]));
    expect(known.at(-1)).toEqual(numberStatements(persona).map(({ id }) => id));
  });

  test('makes no call once everything is revealed', async () => {
    const model = cast({ inducer: (request) => JSON.stringify({ revealed: openIds(request) }) });
    await Array.fromAsync(new ConversationTreeBuilder({ roles: model, turns: 8 }).build([persona]));
    expect(callsOf(model, 'inducer').map(({ options }) => options.place?.turn)).toEqual([1, 2, 3]);
  });
});

describe('concurrency', () => {
  /** Each role answers only once the other has been called. In sequence, this would never end. */
  function barrier(roles: readonly [RoleName, RoleName], turn: number): Partial<Record<RoleName, Answer>> {
    const started = new Map(roles.map((role) => [role, gate()]));
    const meet =
      (own: RoleName, other: RoleName): Answer =>
      (_request, { place }) => {
        if (place?.turn !== turn) return undefined;
        started.get(own)!.open();
        return started.get(other)!.opened;
      };
    return { [roles[0]]: meet(roles[0], roles[1]), [roles[1]]: meet(roles[1], roles[0]) };
  }

  test.each([
    ['role-player', 'inducer'],
    ['preferred', 'rejected'],
  ] as const)('%s and %s run at the same time', async (first, second) => {
    const model = cast(barrier([first, second], 3));
    const [tree] = await Array.fromAsync(
      new ConversationTreeBuilder({ roles: model, turns: 3, induction: 'previous-turns' }).build([persona]),
    );
    expect(turnsOf(tree!)).toHaveLength(3);
  });
});
