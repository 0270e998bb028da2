import { describe, expect, test } from 'vitest';
import { continueBoth } from '../../src/conversations/continuation.ts';
import type { ConversationTree } from '../../src/conversations/conversation-tree.ts';
import { ConversationTreeBuilder } from '../../src/conversations/conversation-tree-builder.ts';
import { InvalidOptionError, ModelCallError } from '../../src/errors.ts';
import { formatPlace } from '../../src/models/place.ts';
import { memoryRun } from '../../src/runs/run.ts';
import { beekeeper, beekeepers, callsOf, cast, type RoleName, turnsOf } from './fakes.ts';

/** A cast in which one role gives `times` unusable replies at turn 2 of the second conversation. */
function stumbling(role: RoleName, times: number) {
  return cast({
    [role]: (
      _request: unknown,
      { place }: { place?: { turn?: number; subject: string; sample?: number } },
    ) =>
      place?.turn === 2 && place.subject.startsWith('beekeeper-2+') && (place.sample ?? 0) < times
        ? ''
        : undefined,
  });
}

const placesOf = (model: ReturnType<typeof cast>) =>
  model.calls.map(({ options }) => formatPlace(options.place!));

describe('retryFailed', () => {
  test.each(['role-player', 'inducer', 'preferred', 'rejected'] as const)(
    'gives the %s more attempts without paying for anything twice',
    async (role) => {
      const model = stumbling(role, 3);
      const run = memoryRun({ seed: 7 });
      const options = { run, roles: model, turns: 4, order: 'input' as const };
      const builder = new ConversationTreeBuilder(options);
      const trees = await Array.fromAsync(builder.build(beekeepers(3)));
      expect(trees.map(({ failures }) => failures.length)).toEqual([0, 1, 0]);

      const before = model.calls.length;
      const again = await Array.fromAsync(builder.retryFailed(trees));
      expect(again.map(({ id, failures }) => [id, failures])).toEqual([[trees[1]!.id, []]]);
      expect(again[0]).toMatchObject({ persona: trees[1]!.persona, provenance: trees[1]!.provenance });
      expect(turnsOf(again[0]!)).toHaveLength(4);
      expect(turnsOf(again[0]!)[0]).toMatchObject({ user: turnsOf(trees[1]!)[0]!.user });

      const places = placesOf(model);
      expect(new Set(places).size).toBe(places.length);
      expect(model.calls[before]!.options.place).toMatchObject({ turn: 2, role, sample: 3 });
      // As if the builder had allowed more attempts from the start.
      const patient = new ConversationTreeBuilder({
        ...options,
        run: memoryRun({ seed: 7 }),
        roles: stumbling(role, 3),
        attempts: 6,
      });
      expect(again).toEqual((await Array.fromAsync(patient.build(beekeepers(3)))).slice(1, 2));
    },
  );

  test('sends failed calls again and keeps the branches that completed', async () => {
    let broken = true;
    const model = cast({
      preferred(_request, { place }) {
        if (broken && place?.subject.endsWith(':r'))
          throw new ModelCallError('m', 'no.', { retryable: false });
        return undefined;
      },
    });
    const run = memoryRun();
    const builder = new ConversationTreeBuilder({
      run,
      roles: model,
      turns: 3,
      continuation: continueBoth({ depth: 1 }),
    });
    const trees = await Array.fromAsync(builder.build([beekeeper()]));
    expect(trees[0]!.failures).toMatchObject([{ turn: 2, role: 'preferred', code: 'model-call-failed' }]);
    broken = false;
    const { calls } = run.stats();
    const [tree] = await Array.fromAsync(builder.retryFailed(trees));
    expect(tree!.failures).toEqual([]);
    expect(tree!.root!.preferred).toEqual(trees[0]!.root!.preferred);
    expect(tree!.root!.rejected.next?.preferred).toBeDefined();
    // The failed call and the four calls of the next turn.
    expect(run.stats().calls - calls).toBe(5);
  });

  test('continues the count in a further round with a higher number', async () => {
    const model = stumbling('role-player', 9);
    const builder = new ConversationTreeBuilder({ run: memoryRun(), roles: model, turns: 2 });
    let trees: ConversationTree[] = await Array.fromAsync(builder.build(beekeepers(2)));
    const rounds: number[] = [];
    for (const attempts of [undefined, 6, 12]) {
      trees = await Array.fromAsync(builder.retryFailed(trees, { attempts }));
      rounds.push(callsOf(model, 'role-player').filter(({ options }) => options.place?.turn === 2).length);
    }
    // One for the successful conversation; 6, none and 10 for the other.
    expect(rounds).toEqual([1 + 6, 1 + 6, 1 + 10]);
    expect(trees.map(({ failures }) => failures)).toEqual([[]]);
  });

  test('makes no call for a withheld text and records the failure again', async () => {
    const model = cast({ rejected: () => ({ text: '', finishReason: 'content-filter' }) });
    const builder = new ConversationTreeBuilder({ run: memoryRun(), roles: model, turns: 2 });
    const trees = await Array.fromAsync(builder.build([beekeeper()]));
    const calls = model.calls.length;
    expect(await Array.fromAsync(builder.retryFailed(trees))).toEqual(trees);
    expect(model.calls).toHaveLength(calls);
  });

  test('skips conversations without failures', async () => {
    const model = cast();
    const builder = new ConversationTreeBuilder({ roles: model, turns: 2 });
    const trees = await Array.fromAsync(builder.build(beekeepers(2)));
    const calls = model.calls.length;
    expect(await Array.fromAsync(builder.retryFailed(trees))).toEqual([]);
    expect(model.calls).toHaveLength(calls);
  });

  test('rejects anything but trees, and fewer attempts than before', async () => {
    const builder = new ConversationTreeBuilder({ roles: cast() });
    expect(() => builder.retryFailed(42 as never)).toThrow(InvalidOptionError);
    expect(() => builder.retryFailed([], { attempts: 2 })).toThrow(
      'Option "attempts": expected a whole number of at least 3',
    );
    await expect(Array.fromAsync(builder.retryFailed([{ id: 'x' } as never]))).rejects.toThrow(
      /Option "trees"/,
    );
  });

  test("throws the signal's reason", async () => {
    const model = stumbling('role-player', 3);
    const builder = new ConversationTreeBuilder({ roles: model, turns: 2 });
    const trees = await Array.fromAsync(builder.build(beekeepers(2)));
    const calls = model.calls.length;
    const stream = builder.retryFailed(trees, { signal: AbortSignal.abort(new Error('enough')) });
    await expect(Array.fromAsync(stream)).rejects.toThrow('enough');
    expect(model.calls).toHaveLength(calls);
  });
});
