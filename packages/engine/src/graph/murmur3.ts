// MurmurHash3, x64 variant, 128 bits, seed 0, bytes as Guava's Hashing.murmur3_128 gives them: both halves little-endian.
// Used for operator ids (a few hundred bytes per program), so BigInt is fast enough and easy to compare with the paper code.
const MASK = 0xffff_ffff_ffff_ffffn;
const C1 = 0x87c3_7b91_1142_53d5n;
const C2 = 0x4cf5_ad43_2745_937fn;

/** @returns 16 bytes */
export function murmur3x64x128(data: Uint8Array): Uint8Array {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const blocks = data.length >>> 4;
  let h1 = 0n;
  let h2 = 0n;
  for (let block = 0; block < blocks; block++) {
    h1 ^= mixK1(view.getBigUint64(block * 16, true));
    h1 = multiply(add(rotateLeft(h1, 27n), h2), 5n, 0x52dc_e729n);
    h2 ^= mixK2(view.getBigUint64(block * 16 + 8, true));
    h2 = multiply(add(rotateLeft(h2, 31n), h1), 5n, 0x3849_5ab5n);
  }
  const tail = data.subarray(blocks * 16);
  if (tail.length > 8) h2 ^= mixK2(littleEndian(tail.subarray(8)));
  if (tail.length > 0) h1 ^= mixK1(littleEndian(tail.subarray(0, 8)));
  return finish(h1, h2, BigInt(data.length));
}

function finish(h1In: bigint, h2In: bigint, length: bigint): Uint8Array {
  let h1 = h1In ^ length;
  let h2 = h2In ^ length;
  h1 = add(h1, h2);
  h2 = add(h2, h1);
  h1 = finalMix(h1);
  h2 = finalMix(h2);
  h1 = add(h1, h2);
  h2 = add(h2, h1);
  const hash = new Uint8Array(16);
  const view = new DataView(hash.buffer);
  view.setBigUint64(0, h1, true);
  view.setBigUint64(8, h2, true);
  return hash;
}

function mixK1(k1: bigint): bigint {
  return multiply(rotateLeft(multiply(k1, C1), 31n), C2);
}

function mixK2(k2: bigint): bigint {
  return multiply(rotateLeft(multiply(k2, C2), 33n), C1);
}

function finalMix(k: bigint): bigint {
  let mixed = k ^ (k >> 33n);
  mixed = multiply(mixed, 0xff51_afd7_ed55_8ccdn);
  mixed ^= mixed >> 33n;
  mixed = multiply(mixed, 0xc4ce_b9fe_1a85_ec53n);
  return mixed ^ (mixed >> 33n);
}

function add(a: bigint, b: bigint): bigint {
  return (a + b) & MASK;
}

function multiply(a: bigint, b: bigint, plus = 0n): bigint {
  return (a * b + plus) & MASK;
}

function rotateLeft(value: bigint, bits: bigint): bigint {
  return ((value << bits) | (value >> (64n - bits))) & MASK;
}

/** @param bytes at most 8 */
function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] ?? 0);
  return value;
}
