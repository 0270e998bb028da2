import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { choosePair } from '../../src/report/choose-pair.ts';
import { describeTold } from '../../src/report/describe-told.ts';
import { splitEchoes } from '../../src/report/echoes.ts';
import { dry, nurse, playedTree } from '../preferences/trees.ts';

const marked = (text: string, ...statements: string[]) =>
  splitEchoes(text, statements)
    .filter(({ isEcho }) => isEcho)
    .map((part) => part.text);

describe('the words of a response that echo what was revealed', () => {
  test('are found in another form, in any case, and not if they are common', () => {
    expect(marked('Your TOMATO plants, on the balcony?', 'She grows tomatoes on her balcony.')).toEqual([
      'TOMATO',
      'balcony',
    ]);
    expect(marked('What do you grow?', 'She likes it.')).toEqual([]);
    expect(marked('Anything')).toEqual([]);
  });

  test('leave the text as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.array(fc.string()), (text, statements) => {
        const parts = splitEchoes(text, statements);
        expect(parts.map((part) => part.text).join('')).toBe(text);
      }),
    );
  });
});

describe('the example pair', () => {
  const turn = (preferred: string, rejected: string, revealed = ['F1', 'F2']) => ({
    user: 'Hello',
    revealed,
    preferred,
    rejected,
  });

  test('is the one whose preferred response alone takes up what was revealed', () => {
    const tree = playedTree('x', nurse, dry, [
      turn('Hi.', 'Hello.', []),
      turn('After a night on the ward, tomatoes?', 'What about tomatoes on the ward at night?'),
      turn('After a night on the ward, tomatoes?', 'Tell me more.'),
    ]);
    const pair = choosePair([playedTree('empty', nurse, dry, []), tree]);
    expect([pair?.tree.id, pair?.node.turn]).toEqual(['x', 3]);
    expect(pair?.known.map(({ id }) => id)).toEqual(['F1', 'F2']);
    expect(choosePair([])).toBeNull();
  });

  test('comes with the reason for its difference', () => {
    const response = (text: string) => ({ text, truncated: false });
    const told = (revealed: string[], rejected = 'No.') =>
      describeTold({ revealed, preferred: response('Yes.'), rejected: response(rejected) });
    expect(told([])).toContain('told the same');
    expect(told(['F1'])).toContain('told the one thing the user has revealed');
    expect(told(['F1', 'F2'])).toContain('told the 2 things');
    expect(told(['F1'], ' Yes. ')).toBe('Both responses are the same.');
  });
});
