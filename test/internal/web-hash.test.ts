import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256 } from '../../src/internal/hash.ts';
import { childSeed } from '../../src/internal/random.ts';
import { webChildSeed, webSha256 } from '../../src/internal/web-hash.ts';

test('Web Crypto gives the same hashes as Node, whatever the text', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
      expect(await webSha256(text)).toBe(sha256(text));
    }),
  );
});

test('seeds from Web Crypto are those of childSeed, since journals depend on them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.maxSafeNat(), fc.oneof(fc.string(), fc.nat()), async (seed, place) => {
      expect(await webChildSeed(seed, place)).toBe(childSeed(seed, place));
    }),
  );
});
