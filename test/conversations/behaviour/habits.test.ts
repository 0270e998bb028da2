import { describe, expect, it, test } from 'vitest';
import {
  checkHabitShares,
  drawHabits,
  type HabitShares,
  withHabits,
} from '../../../src/conversations/behaviour/habits.ts';
import {
  type ConversationTree,
  conversationTreeSchema,
} from '../../../src/conversations/conversation-tree.ts';
import { ConversationTreeBuilder } from '../../../src/conversations/conversation-tree-builder.ts';
import { type Persona, pairPersona } from '../../../src/personas/persona.ts';
import { memoryRun } from '../../../src/runs/run.ts';
import { beekeepers, cast, turnsOf } from '../fakes.ts';

const plain: Persona = pairPersona(
  { id: 'p', facts: ['Keeps bees'] },
  { id: 't', traits: ['Likes jokes', 'Talks about the sea'] },
);
const withTrait = (trait: string): Persona => ({ ...plain, personality: { id: 't', traits: [trait] } });

const namesOf = (persona: Persona, share: HabitShares, seed: number) =>
  drawHabits(persona, checkHabitShares(share, 'share'), seed).map(({ name }) => name);

describe('drawHabits', () => {
  it('draws each about as often as asked for, and never two moods', () => {
    const drawn = Array.from({ length: 1000 }, (_, seed) => namesOf(plain, 0.4, seed));
    for (const name of ['bad-day', 'excited', 'typos', 'impatient', 'says-short']) {
      const count = drawn.filter((names) => names.includes(name as never)).length;
      expect(count).toBeGreaterThan(340);
      expect(count).toBeLessThan(460);
    }
    expect(drawn.filter((names) => names.includes('bad-day') && names.includes('excited'))).toEqual([]);
  });

  it('gives everybody a habit of share 1 and nobody one without a share, whatever the other shares are', () => {
    for (let seed = 0; seed < 20; seed++) {
      expect(namesOf(plain, { typos: 1 }, seed)).toEqual(['typos']);
      const some = namesOf(plain, { impatient: 0.5 }, seed);
      expect(namesOf(plain, { impatient: 0.5, typos: 1 }, seed)).toEqual(['typos', ...some]);
    }
  });

  it.each([
    ['typos', 'Uses correct punctuation'],
    ['typos', 'Writes lower-case, well-spelled'],
    ['typos', 'Prefers no abbreviations'],
    ['impatient', 'Is patient with beginners'],
    ['says-short', 'Likes short replies'],
    ['says-short', 'Likes a recommendation with a reason of five words'],
  ] as const)('draws no %s for a persona that contradicts it', (name, trait) => {
    expect(namesOf(plain, { [name]: 1 }, 1)).toEqual([name]);
    expect(namesOf(withTrait(trait), { [name]: 1 }, 1)).toEqual([]);
  });

  it('draws no wish for length where a rule has one', () => {
    const ruled = { ...plain, rules: [{ kind: 'length' as const, maxWords: 20, statement: 'T1' }] };
    expect(namesOf(ruled, { 'says-short': 1 }, 1)).toEqual([]);
  });

  it('makes what a user really wants a trait, and a rule for a persona that has rules', () => {
    const habits = drawHabits(plain, checkHabitShares({ 'says-short': 1, typos: 1 }, 'share'), 1);
    const { personality, rules } = withHabits(plain, habits);
    expect(personality.traits).toEqual([...plain.personality.traits, habits[1]!.trait]);
    expect(rules).toBeUndefined();
    const ruled = { ...plain, rules: [{ kind: 'emoji' as const, wanted: true, statement: 'T1' }] };
    expect(withHabits(ruled, habits).rules).toEqual([
      ...ruled.rules,
      { kind: 'length', minWords: 50, statement: 'T3' },
    ]);
  });

  it.each([[1.2], [{ typos: -1 }], [{ 'bad-day': 0.6, excited: 0.6 }], [{ sulking: 1 } as HabitShares]])(
    'refuses the share %j',
    (share) => {
      expect(() => checkHabitShares(share, 'share')).toThrow(/share|sulking/);
    },
  );
});

const rolePlayer = {
  id: 'told',
  version: 1,
  messages: ({
    persona,
    habits,
  }: {
    readonly persona: Persona;
    readonly habits?: readonly string[] | undefined;
  }) => [{ role: 'user' as const, content: JSON.stringify({ traits: persona.personality.traits, habits }) }],
};

describe('habits of conversations', () => {
  async function build(habits: HabitShares | undefined, turns = 2) {
    const model = cast();
    const builder = new ConversationTreeBuilder({
      run: memoryRun({ seed: 7 }),
      roles: model,
      turns,
      order: 'input',
      habits,
      prompts: { rolePlayer },
    });
    return { builder, model, trees: await Array.fromAsync(builder.build(beekeepers(8))) };
  }

  test('are told to the role-player and recorded, with the wish behind one among the traits', async () => {
    const { trees, model } = await build({ typos: 0.5, 'says-short': 1 });
    const names = trees.map(({ habits }) => habits!.map(({ name }) => name).join());
    expect(new Set(names)).toEqual(new Set(['says-short', 'typos,says-short']));
    const told = model.calls
      .filter(({ options }) => options.place?.role === 'role-player')
      .map(({ request }) => request.messages[0]!.content);
    for (const { persona, habits } of trees) {
      const { traits } = persona.personality;
      expect(traits.at(-1)).toBe(habits!.at(-1)!.trait);
      expect(told).toContain(JSON.stringify({ traits, habits: habits!.map(({ text }) => text) }));
    }
    expect(conversationTreeSchema.parse(trees[0])).toEqual(trees[0]);
  });

  test('leave no mark where there are none', async () => {
    const { trees } = await build(undefined);
    expect('habits' in trees[0]!).toBe(false);
  });

  test('stay the same when a conversation is resumed', async () => {
    const { builder, trees } = await build({ 'says-short': 1 });
    const broken: ConversationTree = {
      ...trees[0]!,
      failures: [{ turn: 1, role: 'role-player', code: 'model-call', message: 'Down.' }],
    };
    const [again] = await Array.fromAsync(builder.retryFailed([broken]));
    expect(again!.persona).toEqual(trees[0]!.persona);
    expect(turnsOf(again!)).toEqual(turnsOf(trees[0]!));
  });
});
