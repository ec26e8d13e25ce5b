import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StringGuesses } from '../../../src/runtime/channels/string-guesses.ts';

const sensors = (count: number) => Array.from({ length: count }, (_, i) => `temperature_${i}`);

function learnAll(texts: readonly string[]): StringGuesses {
  const guesses = new StringGuesses();
  texts.forEach((text, i) => {
    if (guesses.find(text) < 0) guesses.learn(text, i);
  });
  return guesses;
}

describe('guesses', () => {
  test('know most of the strings they were told, and only by their own values', () => {
    const texts = sensors(20_000);
    const guesses = learnAll(texts);
    const found = texts.map((text) => guesses.find(text));
    expect(found.every((value, i) => value === -1 || value === i)).toBe(true);
    expect(found.filter((value) => value >= 0).length).toBeGreaterThan(15_000);
  });

  test('find an equal string that is another object', () => {
    const guesses = learnAll(sensors(100));
    expect(guesses.find(['temperature', '42'].join('_'))).toBe(42);
  });

  test('never give a value for another string, whatever its characters', () => {
    const unit = fc.constantFrom('\u0000', 'a', 'b', '\u00ff', '\u0100', '\ud83d');
    const text = fc.string({ unit, maxLength: 9 });
    fc.assert(
      fc.property(fc.array(text, { maxLength: 200 }), (texts) => {
        const guesses = learnAll(texts);
        for (const asked of texts) {
          const value = guesses.find(asked);
          if (value >= 0 && texts[value] !== asked) return false;
        }
        return true;
      }),
    );
  });

  test('take the value told last for a string', () => {
    const guesses = learnAll(sensors(10));
    guesses.learn('temperature_3', 33);
    expect([3, 33]).toContain(guesses.find('temperature_3'));
    guesses.clear();
    guesses.learn('temperature_3', 7);
    expect(guesses.find('temperature_3')).toBe(7);
  });

  test('forget everything when cleared', () => {
    const guesses = learnAll(sensors(1_000));
    guesses.clear();
    expect(sensors(1_000).every((text) => guesses.find(text) === -1)).toBe(true);
  });

  test('stop where all strings end alike, and begin again when cleared', () => {
    const texts = Array.from({ length: 1_000 }, (_, i) => `${i}@example.com`);
    const guesses = new StringGuesses();
    for (let round = 0; round < 40; round++) {
      for (const text of texts) if (guesses.find(text) < 0) guesses.learn(text, 1);
    }
    expect(texts.map((text) => guesses.find(text)).filter((value) => value >= 0)).toStrictEqual([]);
    guesses.clear();
    guesses.learn('a@example.com', 5);
    expect(guesses.find('a@example.com')).toBe(5);
  });
});
