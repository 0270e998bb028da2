import { describe, expect, test } from 'vitest';
import {
  describeLargeDrops,
  describeQuality,
  qualityOf,
  qualityRows,
} from '../../src/preferences/quality.ts';

const pair = {
  kind: 'pair',
  records: 60,
  drops: { refusal: 10, 'near-identical': 30, duplicate: 0 },
} as const;
const demonstration = { kind: 'demonstration', records: 90, drops: { refusal: 10 } } as const;
const general = { kind: 'demonstration', records: 0, drops: {} } as const;

describe('qualityOf', () => {
  test('counts once for each kind, in the order of kinds, and leaves out kinds without records', () => {
    expect(qualityOf([general, demonstration, pair, demonstration])).toEqual([
      {
        kind: 'pair',
        records: 100,
        kept: 60,
        keptShare: 0.6,
        dropped: [
          { reason: 'near-identical', count: 30, share: 0.3 },
          { reason: 'refusal', count: 10, share: 0.1 },
        ],
      },
      {
        kind: 'demonstration',
        records: 100,
        kept: 90,
        keptShare: 0.9,
        dropped: [{ reason: 'refusal', count: 10, share: 0.1 }],
      },
    ]);
    expect(qualityOf([general])).toEqual([]);
  });
});

describe('the table', () => {
  test('has a row for each reason that occurs, in the order of the rules', () => {
    const quality = { kinds: qualityOf([pair, demonstration]) };
    expect(qualityRows(quality).map(({ name, counts }) => [name, ...counts])).toEqual([
      ['decision points', '100', '100'],
      ['refusal', '10 (10.0 %)', '10 (10.0 %)'],
      ['near-identical', '30 (30.0 %)', '–'],
      ['kept', '60 (60.0 %)', '90 (90.0 %)'],
    ]);
    expect(describeQuality(quality).split('\n')).toEqual([
      '| fate | meaning | pairs | demonstrations |',
      '| --- | --- | ---: | ---: |',
      '| decision points |  | 100 | 100 |',
      '| refusal | A response refuses to answer. | 10 (10.0 %) | 10 (10.0 %) |',
      '| near-identical | The responses differ in hardly a word. | 30 (30.0 %) | – |',
      '| kept |  | 60 (60.0 %) | 90 (90.0 %) |',
    ]);
  });

  test('is empty if there was nothing to export', () => {
    expect(describeQuality({ kinds: [] })).toBe('');
  });
});

describe('the warnings', () => {
  test('name a reason that takes more than a tenth, once', () => {
    const many = { ...demonstration, records: 80, drops: { 'near-identical': 20 } } as const;
    expect(describeLargeDrops({ kinds: qualityOf([pair, many]) })).toEqual([
      '30 of 100 decision points (30.0 %) gave no pairs: near-identical. The responses differ in hardly a word.',
    ]);
    expect(describeLargeDrops({ kinds: qualityOf([many]) })).toEqual([
      '20 of 100 decision points (20.0 %) gave no demonstrations: near-identical. The responses differ in hardly a word.',
    ]);
  });

  test('leave out what options asked for', () => {
    const asked = {
      kind: 'pair',
      records: 1,
      drops: { 'over-limit': 5, 'length-balance': 5, sibling: 5 },
    } as const;
    expect(describeLargeDrops({ kinds: qualityOf([asked]) })).toEqual([]);
  });
});
