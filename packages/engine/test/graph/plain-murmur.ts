// MurmurHash3 x64 128 in 16-bit limbs and number arrays: shares nothing with the one under test.
type Limbs = [number, number, number, number];

const limbs = (hex: string): Limbs =>
  [3, 2, 1, 0].map((i) => Number.parseInt(hex.padStart(16, '0').slice(i * 4, i * 4 + 4), 16)) as Limbs;

const C1 = limbs('87c37b91114253d5');
const C2 = limbs('4cf5ad432745937f');

function add(a: Limbs, b: Limbs): Limbs {
  const sum: Limbs = [0, 0, 0, 0];
  let carry = 0;
  for (let i = 0; i < 4; i++) {
    const value = (a[i] as number) + (b[i] as number) + carry;
    sum[i] = value % 65536;
    carry = Math.floor(value / 65536);
  }
  return sum;
}

function multiply(a: Limbs, b: Limbs): Limbs {
  let product: Limbs = [0, 0, 0, 0];
  for (let i = 0; i < 4; i++) {
    for (let j = 0; i + j < 4; j++) {
      const part = (a[i] as number) * (b[j] as number);
      const shifted: Limbs = [0, 0, 0, 0];
      shifted[i + j] = part % 65536;
      if (i + j + 1 < 4) shifted[i + j + 1] = Math.floor(part / 65536);
      product = add(product, shifted);
    }
  }
  return product;
}

const bits = (a: Limbs): boolean[] =>
  a.flatMap((limb) => Array.from({ length: 16 }, (_, i) => ((limb >> i) & 1) === 1));
const fromBits = (all: readonly boolean[]): Limbs =>
  [0, 1, 2, 3].map((limb) =>
    all.slice(limb * 16, limb * 16 + 16).reduce((n, bit, i) => n + (bit ? 2 ** i : 0), 0),
  ) as Limbs;

const xor = (a: Limbs, b: Limbs): Limbs => a.map((limb, i) => limb ^ (b[i] as number)) as Limbs;
const rotate = (a: Limbs, by: number): Limbs =>
  fromBits(bits(a).map((_, i, all) => all[(i - by + 64) % 64] as boolean));
const shiftRight = (a: Limbs, by: number): Limbs => fromBits(bits(a).map((_, i, all) => all[i + by] ?? false));
const mix1 = (k: Limbs): Limbs => multiply(rotate(multiply(k, C1), 31), C2);
const mix2 = (k: Limbs): Limbs => multiply(rotate(multiply(k, C2), 33), C1);

function avalanche(k: Limbs): Limbs {
  const first = multiply(xor(k, shiftRight(k, 33)), limbs('ff51afd7ed558ccd'));
  const second = multiply(xor(first, shiftRight(first, 33)), limbs('c4ceb9fe1a85ec53'));
  return xor(second, shiftRight(second, 33));
}

const read = (bytes: readonly number[]): Limbs =>
  [0, 2, 4, 6].map((i) => (bytes[i] ?? 0) + 256 * (bytes[i + 1] ?? 0)) as Limbs;

/** @param data bytes @returns 16 bytes */
export function createHash(data: readonly number[]): number[] {
  let h1: Limbs = [0, 0, 0, 0];
  let h2: Limbs = [0, 0, 0, 0];
  const whole = data.length - (data.length % 16);
  for (let at = 0; at < whole; at += 16) {
    h1 = add(rotate(xor(h1, mix1(read(data.slice(at, at + 8)))), 27), h2);
    h1 = add(multiply(h1, limbs('5')), limbs('52dce729'));
    h2 = add(rotate(xor(h2, mix2(read(data.slice(at + 8, at + 16)))), 31), h1);
    h2 = add(multiply(h2, limbs('5')), limbs('38495ab5'));
  }
  h1 = xor(h1, mix1(read(data.slice(whole, whole + 8))));
  h2 = xor(h2, mix2(read(data.slice(whole + 8))));
  const length = limbs(data.length.toString(16));
  [h1, h2] = [xor(h1, length), xor(h2, length)];
  h1 = add(h1, h2);
  h2 = add(h2, h1);
  [h1, h2] = [avalanche(h1), avalanche(h2)];
  h1 = add(h1, h2);
  h2 = add(h2, h1);
  return [...h1, ...h2].flatMap((limb) => [limb & 255, limb >> 8]);
}
