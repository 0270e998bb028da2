import { describe, expect, test } from 'vitest';
import { decisionPoints, type ResponseNode } from '../../src/conversations/conversation-tree.ts';
import type { PairVerdict } from '../../src/conversations/pair-verdict.ts';
import { InvalidOptionError } from '../../src/errors.ts';
import { preferenceRecords } from '../../src/preferences/records.ts';
import { siblingPoints } from '../../src/preferences/siblings.ts';
import { dry, nurse, playedTree } from './trees.ts';

const response = (text: string, score?: number, alternatives?: ResponseNode['alternatives']) => ({
  text,
  truncated: false,
  ...(score !== undefined && { score }),
  ...(alternatives && { alternatives }),
});
const alternative = (text: string, score?: number) => ({
  text,
  truncated: text === 'cut',
  model: `model-of-${text}`,
  ...(score !== undefined && { score }),
});

const tree = (preferred: Omit<ResponseNode, 'next'>, rejected: Omit<ResponseNode, 'next'>) =>
  playedTree('c', nurse, dry, [{ user: 'Hi.', revealed: ['F1'], preferred, rejected }]);

const pairs = (...sides: Parameters<typeof tree>) =>
  [...preferenceRecords(tree(...sides), { siblings: true })].map(({ preferred, rejected, provenance }) => [
    preferred,
    rejected,
    provenance.sibling,
  ]);

describe('extra pairs', () => {
  test('put each response that was not chosen against the chosen one of the other side', () => {
    expect(
      pairs(
        response('p', undefined, [alternative('p2')]),
        response('r', undefined, [alternative('r2'), alternative('r3')]),
      ),
    ).toEqual([
      ['p', 'r', undefined],
      ['p2', 'r', 'preferred'],
      ['p', 'r2', 'rejected'],
      ['p', 'r3', 'rejected'],
    ]);
  });

  test('with scores, the preferred response has the higher one', () => {
    expect(
      pairs(
        response('p', 7, [
          alternative('p6', 6),
          alternative('p5', 5),
          alternative('p4', 4),
          alternative('p?'),
        ]),
        response('r', 5, [alternative('r7', 7), alternative('r3', 3), alternative('r?')]),
      ),
    ).toEqual([
      ['p', 'r', undefined],
      ['p6', 'r', 'preferred'],
      ['p?', 'r', 'preferred'],
      ['p', 'r3', 'rejected'],
      ['p', 'r?', 'rejected'],
    ]);
  });

  test('are made only on request, and not without other responses', () => {
    const rich = tree(response('p', undefined, [alternative('p2')]), response('r'));
    expect([...preferenceRecords(rich)]).toHaveLength(1);
    expect([...preferenceRecords(rich, { siblings: false })]).toHaveLength(1);
    expect(pairs(response('p'), response('r'))).toEqual([['p', 'r', undefined]]);
    const typo = { sibling: true } as object;
    expect(() => [...preferenceRecords(rich, typo)]).toThrow(InvalidOptionError);
  });

  test('name their model, keep whether they were cut, and have no verdict', () => {
    const rich = tree(response('p'), response('r', undefined, [alternative('cut')]));
    const verdict: PairVerdict = { winner: 'preferred', margin: 2, judge: 'j', prompt: 'v@1', orders: [] };
    const judged = { ...rich, root: { ...rich.root!, verdict } };
    const [first, second] = [...preferenceRecords(judged, { siblings: true })];
    expect(first!.provenance).toMatchObject({ rejectedModel: 'scripted:writer', verdict });
    expect(second!.provenance).toMatchObject({
      rejectedModel: 'model-of-cut',
      preferredModel: 'scripted:writer',
    });
    expect(second!.provenance).not.toHaveProperty('verdict');
    const [point] = [...decisionPoints(judged)];
    expect([...siblingPoints(point!)][0]!.point.node.rejected.truncated).toBe(true);
  });
});
