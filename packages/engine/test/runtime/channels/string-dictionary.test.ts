import { describe, expect, test } from 'vitest';
import {
  type DictionaryLimits,
  type DictionarySource,
  readDictionaryString,
  StringDictionary,
  toldBitOf,
  writeDictionaryString,
} from '../../../src/runtime/channels/string-dictionary.ts';
import { ByteReader } from '../../../src/serialization/byte-reader.ts';
import { ByteWriter } from '../../../src/serialization/byte-writer.ts';

class Sink extends ByteWriter {
  readonly toldIndex: number;
  readonly toldBit: number;

  constructor(channel: number) {
    super();
    this.toldIndex = channel;
    this.toldBit = toldBitOf(channel);
  }
}

class Source extends ByteReader implements DictionarySource {
  readonly strings: string[] = [];
  stringId = -1;
}

/** Sends `texts` over channels in turn. @returns bytes per channel */
function send(
  texts: readonly string[],
  limits: DictionaryLimits,
  channels = [0],
  onText = (_i: number, _d: StringDictionary) => {},
) {
  const dictionary = new StringDictionary(limits);
  const field = dictionary.createField();
  const sinks = channels.map((channel) => new Sink(channel));
  texts.forEach((text, i) => {
    writeDictionaryString(sinks[i % sinks.length]!, field, text);
    onText(i, dictionary);
  });
  const received: string[][] = sinks.map((sink) => {
    const source = new Source(sink.toBytes());
    const read: string[] = [];
    while (source.hasMore()) read.push(readDictionaryString(source));
    return read;
  });
  return { dictionary, received, bytes: sinks.map((sink) => sink.pos) };
}

const repeating = (count: number, distinct: number) =>
  Array.from({ length: count }, (_, i) => `text-${(i * 7) % distinct}`);

describe('the string dictionary', () => {
  test('sends a repeated string as two bytes', () => {
    const { received, bytes } = send(repeating(1_000, 10), {});
    expect({ received, bytes }).toStrictEqual({ received: [repeating(1_000, 10)], bytes: [1_000 * 2 + 10 * (2 + 7)] });
  });

  test('tells each channel by itself, beyond the mask too', () => {
    const channels = [0, 29, 30, 31, 99];
    const texts = repeating(1_003, 4);
    const { received } = send(texts, {}, channels);
    expect(received).toStrictEqual(channels.map((_, c) => texts.filter((_text, i) => i % channels.length === c)));
  });

  test('sends strings inline when it is full, and keeps what it has', () => {
    const texts = [...repeating(60, 30), ...repeating(60, 12)];
    const { dictionary, received } = send(texts, { maxEntries: 12 });
    expect({ size: dictionary.size, received }).toStrictEqual({ size: 12, received: [texts] });
  });

  test('is bounded by text as well', () => {
    const texts = Array.from({ length: 50 }, (_, i) => `${i}`.padEnd(200, 'x'));
    const { dictionary, received } = send([...texts, 'y'.repeat(257), 'y'.repeat(257)], { maxTextBytes: 2_000 });
    expect({ size: dictionary.size, same: received[0]!.slice(0, 50) }).toStrictEqual({ size: 6, same: texts });
  });

  test('stops looking for strings that never repeat, then starts again and reuses the ids', () => {
    const unique = Array.from({ length: 100 }, (_, i) => `unique-${i}`);
    const texts = [...unique, ...repeating(200, 5)];
    const { dictionary, received } = send(
      texts,
      { maxEntries: 64, missesPerJudgement: 32, minPauseStrings: 80 },
      [0],
      (i, d) => {
        if (i % 10 === 0) d.resetIfWanted();
      },
    );
    expect({ received, resets: dictionary.resets, size: dictionary.size }).toStrictEqual({
      received: [texts],
      resets: 1,
      size: 5,
    });
  });

  test('a reset in the middle redefines ids that the reader knew otherwise', () => {
    const texts = Array.from({ length: 500 }, (_, i) => `t${(i * i) % 37}`);
    const { received } = send(texts, {}, [0, 3], (i, d) => {
      if (i % 41 === 0) d.reset();
    });
    expect(received).toStrictEqual([0, 1].map((c) => texts.filter((_text, i) => i % 2 === c)));
  });
});

test('short strings that differ only in leading NULs, length or characters above 255 are told apart', () => {
  const units = ['\u0000', 'a', 'b', '\u00ff', '\u0100', '\ud83d'];
  const pairs = units.flatMap((a) => units.map((b) => a + b));
  const texts = [
    '',
    ...units,
    ...pairs,
    ...pairs.map((p) => `abcdefghijklmn${p}`),
    ...pairs.map((p) => `${p}abcdefghijklmno`),
  ];
  const { dictionary, received } = send([...texts, ...texts], {});
  expect({ received, size: dictionary.size }).toStrictEqual({ received: [[...texts, ...texts]], size: texts.length });
});

test('a cell without its text is never taken for an empty or a zero one, whatever the hashes', () => {
  const dictionary = new StringDictionary();
  const long = dictionary.add('\u0100');
  dictionary.cells[long] = 0; // the hash of the empty string
  const moved = dictionary.cells.slice(long, long + 8);
  dictionary.cells.fill(0);
  dictionary.cells.set(moved, 0);
  expect(dictionary.get('')).toBe(-1);
});
