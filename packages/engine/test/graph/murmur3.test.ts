import { describe, expect, it } from 'vitest';
import { toHex } from '../../src/graph/hex.ts';
import { murmur3x64x128 } from '../../src/graph/murmur3.ts';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

describe('murmur3x64x128', () => {
  // Guava's Hashing.murmur3_128(0).hashBytes(…).toString(), recorded.
  const vectors = [
    ['', '00000000000000000000000000000000'],
    ['t', 'e64c0a6370bc7d684cd8d67043ac6518'],
    ['th', 'dcbe3e7829dd91159a1a8ec7474ec092'],
    ['the', '1c0ecbc985f48f6af0ffdcac3339c9d9'],
    ['the ', '456b4004da819f55d5044f763777b0a0'],
    ['the qui', '2811909927ae9417877dd85b6045c930'],
    ['the quic', '3d387bb151de3275bf5d2232c1be318c'],
    ['the quick', '7dc0e0808c0937c38c9d2d00af8f8d7d'],
    ['the quick br', '2b86fe6578df9eaca319590002dcb0ba'],
    ['the quick brown', '3670857654835a3e62b2679276fd2ce6'],
    ['the quick brown ', '19e452758d4723d553a2619a7809f946'],
    ['the quick brown f', 'f8a55046635df7ada7ce31cb1d9f75ac'],
    ['the quick brown fox jump', '5dcb20f785903f186b2da275fe2bad93'],
    ['the quick brown fox jumps over ', '685787196f5c5bb943d7c050bef4f1bb'],
    ['the quick brown fox jumps over t', '05521f900c74610e39ca3cafd708f3af'],
    ['the quick brown fox jumps over th', '42d3bf48e9349fdead7459b4a0138544'],
    ['the quick brown fox jumps over the lazy dog, twi', '3332195b6b957adfe47659b8b9c4111b'],
    ['the quick brown fox jumps over the lazy dog, twice: 여울', '9f0f0c9f41ba8f3ddcb3a34cc9087079'],
  ] as const;

  for (const [input, expected] of vectors) {
    it(`hashes ${input.length} bytes`, () => {
      expect(toHex(murmur3x64x128(text(input)))).toBe(expected);
    });
  }

  it('reads a view at its offset', () => {
    const padded = text('xyflink');
    expect(toHex(murmur3x64x128(padded.subarray(2)))).toBe(toHex(murmur3x64x128(text('flink'))));
  });
});
