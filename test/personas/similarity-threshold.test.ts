import { describe, expect, it } from 'vitest';
import { lexicalEmbedder } from '../../src/embeddings/lexical.ts';
import { InvalidOptionError } from '../../src/errors.ts';
import { higherThresholds } from '../../src/personas/higher-thresholds.ts';
import { checkThresholds, formerThresholds, thresholdsOf } from '../../src/personas/similarity-threshold.ts';
import { fakeEmbedder } from '../../src/testing/fake-embedder.ts';

const byKind = { ...fakeEmbedder(), similarityThreshold: { profiles: 0.8, personalities: 0.7 } };

describe('the similarity threshold', () => {
  it("is the embedder's, one for all or one for each kind, else the paper's 0.6", () => {
    expect(thresholdsOf(byKind)).toEqual({ profiles: 0.8, personalities: 0.7 });
    expect(thresholdsOf(lexicalEmbedder())).toEqual({ profiles: 0.5, personalities: 0.5 });
    expect(thresholdsOf(fakeEmbedder())).toEqual({ profiles: 0.6, personalities: 0.6 });
  });

  it('is what the option says, for both kinds or for each', () => {
    expect(checkThresholds(undefined, byKind)).toEqual({ profiles: 0.8, personalities: 0.7 });
    expect(checkThresholds(0.3, byKind)).toEqual({ profiles: 0.3, personalities: 0.3 });
    expect(checkThresholds({ profiles: -1, personalities: 1 }, byKind)).toEqual({
      profiles: -1,
      personalities: 1,
    });
  });

  it.each<[unknown, string]>([
    [2, 'similarityThreshold'],
    ['0.6', 'similarityThreshold'],
    [null, 'similarityThreshold'],
    [{ profiles: 0.6 }, 'similarityThreshold.personalities'],
    [{ profiles: -1.1, personalities: 0 }, 'similarityThreshold.profiles'],
  ])('cannot be %j', (given, option) => {
    const check = () => checkThresholds(given as number, byKind);
    expect(check).toThrow(InvalidOptionError);
    expect(check).toThrow(`Option "${option}"`);
  });

  it('was a single one in version 0.1', () => {
    expect(formerThresholds(byKind)).toEqual({ profiles: 0.6, personalities: 0.6 });
    expect(formerThresholds(lexicalEmbedder())).toEqual({ profiles: 0.5, personalities: 0.5 });
  });
});

describe('higherThresholds', () => {
  const discarded = [0.62, 0.65, 0.7, 0.71, 0.94, 1].map((similarity) => ({ similarity }));

  it('counts what each step above the threshold would have kept, the step itself included', () => {
    expect(higherThresholds(0.6, discarded)).toEqual([
      { threshold: 0.65, more: 2 },
      { threshold: 0.7, more: 3 },
      { threshold: 0.75, more: 4 },
      { threshold: 0.8, more: 4 },
      { threshold: 0.85, more: 4 },
      { threshold: 0.9, more: 4 },
      { threshold: 0.95, more: 5 },
    ]);
  });

  it('begins with the next step, and ends below 1', () => {
    expect(higherThresholds(0.62, discarded)[0]).toEqual({ threshold: 0.65, more: 2 });
    expect(higherThresholds(0.95, discarded)).toEqual([]);
    expect(higherThresholds(1, discarded)).toEqual([]);
  });

  it('compares as the filter does, in single precision', () => {
    expect(higherThresholds(0.6, [{ similarity: Math.fround(0.7) }])[1]).toEqual({ threshold: 0.7, more: 1 });
  });
});
