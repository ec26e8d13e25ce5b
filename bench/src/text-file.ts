// The word count's text: deterministic, words of a Zipf distribution over 50,000, five to sixteen a line.
import { createWriteStream } from 'node:fs';
import { mkdir, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { finished } from 'node:stream/promises';
import { nextRandom } from './generator.ts';

const WORD_COUNT = 50_000;
const WRITE_BYTES = 1 << 20;

/** Makes the text unless it is there; a reader sees the whole file or none. */
export async function ensureTextFile(file: string, sizeMiB: number): Promise<void> {
  const isThere = await stat(file).then(
    (found) => found.size >= sizeMiB * 1024 * 1024,
    () => false,
  );
  if (isThere) return;
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  await writeText(temporary, sizeMiB * 1024 * 1024);
  await rename(temporary, file);
}

async function writeText(file: string, sizeBytes: number): Promise<void> {
  const out = createWriteStream(file);
  let pending = '';
  let bytes = 0;
  for (const line of textLines()) {
    pending += line;
    bytes += line.length;
    if (bytes >= sizeBytes) break;
    if (pending.length <= WRITE_BYTES) continue;
    if (!out.write(pending)) await new Promise<void>((resolve) => out.once('drain', resolve));
    pending = '';
  }
  out.end(pending);
  await finished(out);
}

/** Endless; ASCII only, so that length is bytes. */
export function* textLines(): Generator<string, never> {
  const words = Array.from({ length: WORD_COUNT }, (_, i) => wordAt(i));
  const cumulative = zipfCumulative(WORD_COUNT);
  let x = 12345;
  const random = (): number => {
    x = nextRandom(x);
    return (x >>> 0) / 4294967296;
  };
  for (;;) yield textLine(random, words, cumulative);
}

function textLine(random: () => number, words: readonly string[], cumulative: Float64Array): string {
  const count = 5 + Math.floor(random() * 12);
  let line = '';
  for (let i = 0; i < count; i++) {
    let word = words[pickIndex(cumulative, random())]!;
    if (random() < 0.1) word = word.charAt(0).toUpperCase() + word.slice(1);
    if (i > 0) line += random() < 0.1 ? ', ' : ' ';
    line += word;
  }
  return `${line}.\n`;
}

/** The number in base 26, least digit first, with an ending. */
function wordAt(index: number): string {
  let word = '';
  for (let n = index + 7; n > 0; n = Math.floor(n / 26)) word += String.fromCharCode(97 + (n % 26));
  return word + (index % 3 === 0 ? 'ing' : 'er');
}

function zipfCumulative(count: number): Float64Array {
  const cumulative = new Float64Array(count);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    sum += 1 / (i + 1);
    cumulative[i] = sum;
  }
  return cumulative;
}

/** @param draw in [0, 1) @returns the first index whose cumulative weight reaches the draw */
function pickIndex(cumulative: Float64Array, draw: number): number {
  const target = draw * cumulative.at(-1)!;
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulative[middle]! < target) low = middle + 1;
    else high = middle;
  }
  return low;
}
