import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { continueBoth } from '../../src/conversations/continuation.ts';
import type { ConversationTree } from '../../src/conversations/conversation-tree.ts';
import { conversationTreeSchema, decisionPoints } from '../../src/conversations/conversation-tree.ts';
import { ConversationTreeBuilder } from '../../src/conversations/conversation-tree-builder.ts';
import { InvalidOptionError, ModelCallError } from '../../src/errors.ts';
import type { ChatModel } from '../../src/models/chat-model.ts';
import { openaiCompatible } from '../../src/models/openai-compatible.ts';
import { memoryRun, openRun } from '../../src/runs/run.ts';
import type { SharedRun } from '../../src/runs/work/run-work.ts';
import { type Script, scriptedModel } from '../../src/testing/scripted-model.ts';
import { summarizeVerdicts } from '../../src/verification/summarize-verdicts.ts';
import type { VerificationEvent } from '../../src/verification/verify-options.ts';
import { verifyPairs } from '../../src/verification/verify-pairs.ts';
import { beekeepers, cast } from '../conversations/fakes.ts';
import { instantBatches } from '../models/batch/instant-batches.ts';
import { completion, send, startChatServer } from '../models/chat-server.ts';
import { nurse, playedTree } from '../preferences/trees.ts';
import { judgeWithBias, pairOf } from './biased-judge.ts';

const choice = (better: string, by: number) => JSON.stringify({ rationale: 'Because.', better, by });

/** Answers by which response is shown first. */
const byOrder =
  (preferredFirst: string | Error, rejectedFirst: string | Error): Script =>
  (_request, { place }) =>
    place?.role === 'pair-judge-1' ? preferredFirst : rejectedFirst;

async function verdictOf(script: Script, tree: ConversationTree = pairOf(1, true)) {
  const judge = scriptedModel(script);
  const [verified] = await Array.fromAsync(verifyPairs([tree], { judge }));
  return { judge, verdict: verified!.root!.verdict! };
}

describe('a verdict', () => {
  test('is asked for in both orders, with the persona, its task and the conversation', async () => {
    const judge = scriptedModel(byOrder(choice('A', 3), choice('B', 2)));
    const tree = {
      ...playedTree('shift', nurse, { id: 'dry', traits: ['Has a dry wit'] }, [
        { user: 'What a night.', preferred: 'One of you broke.', rejected: 'Rest well.' },
        { user: 'The kettle did.', preferred: 'It had a better union.', rejected: 'Buy a new one.' },
      ]),
      task: 'wants to vent',
    };
    const [verified] = await Array.fromAsync(verifyPairs([tree], { judge }));
    expect(verified!.root!.verdict).toEqual({
      winner: 'preferred',
      margin: 2.5,
      judge: 'scripted',
      prompt: 'verify-pair@1',
      orders: [
        { first: 'preferred', picked: 'preferred', strength: 3, rationale: 'Because.' },
        { first: 'rejected', picked: 'preferred', strength: 2, rationale: 'Because.' },
      ],
    });
    expect(conversationTreeSchema.parse(verified)).toEqual(verified);
    const [one, other, ...later] = judge.calls.map(({ request }) => request.messages);
    expect(later).toHaveLength(2);
    expect(one![0]!.content).toContain('night nurse');
    expect(one![0]!.content).toContain('Has a dry wit');
    expect(one![0]!.content).toContain('wants to vent');
    expect(one![1]!.content).toMatch(/User: What a night\..*<reply A>\s+One of you.*<reply B>\s+Rest well/s);
    expect(other![1]!.content).toMatch(/<reply A>\s+Rest well.*<reply B>\s+One of you/s);
    expect(later[0]![1]!.content).toContain('Assistant: One of you broke.');
  });

  test.each([
    ['in both orders for the rejected response', choice('B', 2), choice('A', 1), 'rejected', -1.5],
    ['for a position', choice('A', 3), choice('A', 3), 'undecided', 0],
    ['for another position', choice('B', 1), choice('B', 2), 'undecided', 0.5],
    ['equal in both', choice('equal', 0), choice('equal', 0), 'undecided', 0],
    ['equal in one', choice('A', 2), choice('equal', 0), 'undecided', 1],
  ] as const)('%s', async (_name, preferredFirst, rejectedFirst, winner, margin) => {
    const { verdict } = await verdictOf(byOrder(preferredFirst, rejectedFirst));
    expect(verdict).toMatchObject({ winner, margin });
  });

  test('that is missing in one order leaves the pair undecided, with the reason', async () => {
    const { judge, verdict } = await verdictOf(byOrder(choice('A', 3), 'I like both of them a lot.'));
    expect(judge.calls).toHaveLength(4);
    expect(verdict).toMatchObject({ winner: 'undecided', margin: 0 });
    expect(verdict.orders[1]).toMatchObject({ picked: null, strength: 0 });
    expect(verdict.orders[1]!.rationale).toContain('no valid choice after 3 attempts');
  });

  test('names what the judge’s server says it is, also when it comes from the journal', async () => {
    const server = await startChatServer((body, response) =>
      send(response, { ...completion(judgeWithBias({ bias: 0 }, body)), model: 'judge-2026-01' }),
    );
    const run = memoryRun();
    const judge = openaiCompatible('judge', { baseUrl: server.baseUrl });
    const verify = () => Array.fromAsync(verifyPairs([pairOf(1, true)], { run, judge }));
    const [first] = await verify();
    await server.close();
    expect(first!.root!.verdict).toMatchObject({ judge: 'judge', served: ['judge-2026-01'] });
    expect(conversationTreeSchema.parse(first)).toEqual(first);
    expect(await verify()).toEqual([first]);
    expect((await summarizeVerdicts([first!])).served).toEqual(['judge-2026-01']);
  });

  test('on equal texts is undecided without a call', async () => {
    const turn = { user: 'Hm.', preferred: 'Yes. ', rejected: 'Yes.' };
    const tree = playedTree('same', nurse, { id: 'dry', traits: ['Dry'] }, [turn]);
    const { judge, verdict } = await verdictOf(choice('A', 1), tree);
    expect(judge.calls).toHaveLength(0);
    expect(verdict).toMatchObject({ winner: 'undecided', orders: [] });
  });
});

describe('verified conversations', () => {
  test('have a verdict on every branch, and are otherwise the same', async () => {
    const builder = new ConversationTreeBuilder({
      roles: cast(),
      turns: 3,
      continuation: continueBoth({ depth: 2 }),
      order: 'input',
    });
    const trees = await Array.fromAsync(builder.build(beekeepers(2)));
    const judge = scriptedModel((request) => judgeWithBias({ bias: 0 }, request));
    const verified = await Array.fromAsync(verifyPairs(trees, { judge }));
    expect(judge.calls).toHaveLength(2 * 2 * (1 + 2 + 4));
    const places = new Set(judge.calls.map(({ options }) => JSON.stringify(options.place)));
    expect(places.size).toBe(judge.calls.length);
    const points = verified.flatMap((tree) => [...decisionPoints(tree)]);
    expect(points.every(({ node }) => node.verdict !== undefined)).toBe(true);
    const without = JSON.parse(
      JSON.stringify(verified, (key, value) => (key === 'verdict' ? undefined : value)),
    );
    expect(without).toEqual(trees);
  });

  test('are asked about turn by turn, and all at once if the judge answers in batches', async () => {
    const turns = ['One.', 'Two.', 'Three.'].map((user) => ({
      user,
      preferred: `${user} Yes`,
      rejected: 'No',
    }));
    const tree = playedTree('long', nurse, { id: 'dry', traits: ['Dry'] }, turns);
    const verify = (judge: ChatModel) => Array.fromAsync(verifyPairs([tree], { run: memoryRun(), judge }));
    let atOnce = 0;
    let most = 0;
    const judge = scriptedModel(async () => {
      most = Math.max(most, ++atOnce);
      await new Promise((resolve) => setTimeout(resolve, 5));
      atOnce -= 1;
      return choice('A', 1);
    });
    const one = await verify(judge);
    expect(most).toBe(2);
    const { model, batches } = instantBatches(scriptedModel(choice('A', 1)), 20);
    expect(await verify(model)).toEqual(one);
    expect(batches.map((rows) => rows.length)).toEqual([6]);
  });

  test('replace earlier verdicts', async () => {
    const [first] = await Array.fromAsync(
      verifyPairs([pairOf(1, true)], { judge: scriptedModel(choice('equal', 0)) }),
    );
    const { verdict } = await verdictOf(byOrder(choice('A', 1), choice('B', 1)), first);
    expect(verdict.winner).toBe('preferred');
  });

  test('keep the order of the conversations, and are told as they end', async () => {
    const trees = [1, 2, 3, 4].map((number) => pairOf(number, true));
    const events: VerificationEvent[] = [];
    const judge = scriptedModel((request) => judgeWithBias({ bias: 0 }, request));
    const verified = verifyPairs(trees, { judge, onEvent: (event) => events.push(event) });
    expect((await Array.fromAsync(verified)).map(({ id }) => id)).toEqual(trees.map(({ id }) => id));
    expect(events.filter(({ conversationId }) => conversationId === 'pair-3')).toMatchObject([
      { type: 'verification-start' },
      { type: 'pair-verified', turn: 1, verdict: { winner: 'preferred' } },
      { type: 'verification-end', tree: { root: { verdict: { winner: 'preferred' } } } },
    ]);
  });

  test('of a conversation that has no turn stay as they are', async () => {
    const empty = playedTree('empty', nurse, { id: 'dry', traits: ['Dry'] }, []);
    const judge = scriptedModel('unused');
    expect(await Array.fromAsync(verifyPairs([empty], { judge }))).toEqual([empty]);
  });
});

describe('a verification that stops', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'aloe-verify-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  test('is resumed with the calls that are missing', async () => {
    const trees = [1, 2, 3].map((number) => pairOf(number, true));
    const judge = scriptedModel((request) => judgeWithBias({ bias: 0.5 }, request));
    const stopping = new AbortController();
    const first = await openRun(dir, { concurrency: 1 });
    const onEvent = ({ type }: VerificationEvent) => {
      if (type === 'verification-end') stopping.abort(new Error('enough'));
    };
    await expect(
      Array.fromAsync(verifyPairs(trees, { run: first, judge, signal: stopping.signal, onEvent })),
    ).rejects.toThrow('enough');
    await first.close();
    const before = judge.calls.length;
    expect(before).toBeLessThan(6);

    const second = await openRun(dir);
    const whole = await Array.fromAsync(verifyPairs(trees, { run: second, judge }));
    await second.close();
    expect(judge.calls.length).toBe(6);

    const third = await openRun(dir);
    const other = scriptedModel(new Error('must not be asked'));
    expect(await Array.fromAsync(verifyPairs(trees, { run: third, judge: other }))).toEqual(whole);
    await third.close();
  });

  test('because every call would fail throws', async () => {
    const judge = scriptedModel(new ModelCallError('judge', 'No key.', { status: 401, retryable: false }));
    await expect(Array.fromAsync(verifyPairs([pairOf(1, true)], { judge }))).rejects.toThrow('No key.');
  });
});

describe('verifyPairs() refuses', () => {
  const judge = scriptedModel(choice('A', 1));
  test.each([
    ['an unknown option', { judge, jugde: 1 }, 'no option "jugde"'],
    ['no judge', {}, 'judge'],
    ['a temperature below 0', { judge, temperature: -1 }, 'temperature'],
    ['a prompt without messages()', { judge, prompt: {} }, 'prompt'],
  ])('%s', (_name, options, words) => {
    expect(() => verifyPairs([], options as unknown as { judge: typeof judge })).toThrow(words);
  });

  test('what is no conversation, before it asks', async () => {
    const wrong = [{ ...pairOf(1, true), id: 5 }] as unknown as ConversationTree[];
    const error = await Array.fromAsync(verifyPairs(wrong, { judge })).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(judge.calls).toHaveLength(0);
    expect(() => verifyPairs(5 as unknown as ConversationTree[], { judge })).toThrow('trees');
  });
});

test('what another process of a shared run has verified is told like the rest, and read back as JSON', async () => {
  const events: VerificationEvent[] = [];
  const memory = memoryRun();
  const judge = scriptedModel((request) => judgeWithBias({ bias: 0 }, request));
  const shared: SharedRun = {
    name: 'elsewhere',
    keepRecipe: async () => {},
    show: () => {},
    async *map(items, list) {
      for await (const item of items) {
        expect(list.name).toBe('verified conversations');
        expect(list.setting()).toEqual({
          judge: judge.id,
          prompt: 'verify-pair@1',
          temperature: 0,
          maxOutputTokens: 300,
          attempts: 3,
        });
        expect(list.content(item)).toBe(item);
        expect(list.isWhole?.(item as never)).toBe(false);
        // Played elsewhere: its events are not seen here.
        const seen = events.length;
        const result = await list.play(item, new AbortController().signal);
        events.length = seen;
        expect(list.isWhole?.(result)).toBe(true);
        const half = result as unknown as ConversationTree;
        const { verdict } = half.root!;
        const orders = [{ ...verdict!.orders[0]!, picked: null }, verdict!.orders[1]!];
        const unusable = { ...half, root: { ...half.root!, verdict: { ...verdict!, orders } } };
        expect(list.isWhole?.(unusable as never)).toBe(false);
        const further = { ...half.root!.preferred, next: { ...half.root!, turn: 2, verdict: undefined } };
        const unfinished = { ...half, root: { ...half.root!, preferred: further } };
        expect(list.isWhole?.(unfinished as never)).toBe(false);
        const received = JSON.parse(JSON.stringify(result)) as typeof result;
        list.received?.(item, received);
        yield received;
      }
    },
  };
  const trees = [pairOf(1, true), pairOf(2, false)];
  const run = { ...memory, shared };
  const verified = verifyPairs(trees, { run, judge, onEvent: (event) => events.push(event) });
  expect((await Array.fromAsync(verified)).map(({ root }) => root!.verdict!.winner)).toEqual([
    'preferred',
    'rejected',
  ]);
  expect(events.map(({ type }) => type)).toEqual([
    ...['verification-start', 'pair-verified', 'verification-end'],
    ...['verification-start', 'pair-verified', 'verification-end'],
  ]);
});
