// The plain loops are the reference that engines are held to; the expected answers are Apache Flink 2.2's for the same input.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { plainStateMachine } from '../plain/state-machine.ts';
import { plainWindows } from '../plain/windows.ts';
import { plainWordCount } from '../plain/word-count.ts';
import type { RunOptions } from '../src/protocol.ts';
import { textLines } from '../src/text-file.ts';

const options: RunOptions = {
  bench: 'statemachine',
  records: 2_000_000,
  keys: 100_000,
  file: '',
  parallelism: 2,
  checkpointMs: 0,
  backend: 'heap',
  batch: false,
};

test('the state machine gives the answer that Flink gives', () => {
  expect(plainStateMachine(options)).toEqual({ records: 2_000_000, results: 2015, checksum: 100_204_577 });
});

test('tumbling windows give the answer that Flink gives, to the last digit', () => {
  const windows = plainWindows({ ...options, keys: 10_000 }, 1_000, 1_000);
  expect(windows).toEqual({ records: 2_000_000, results: 199_990, checksum: 5_442_279_088 });
});

test('sliding windows give the results that Flink gives, and its checksum but for rounding', () => {
  const { results, checksum } = plainWindows({ ...options, records: 500_000, keys: 10_000 }, 10_000, 1_000);
  expect(results).toBe(139_999);
  expect(Math.abs(checksum - 3_809_997_755)).toBeLessThan(1_000);
});

test('the word count keeps the words at chunk borders and at the end of a file without newline', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'yeoul-bench-'));
  try {
    const file = join(dir, 'text.txt');
    const lines = `${'x'.repeat(1023)}\n`.repeat(1023);
    const filler = `${lines}${'y'.repeat(1021)}\n`; // 1 MiB less 2 bytes: "Th|e"
    await writeFile(file, `${filler}The cat, the hat.\nthe end`);
    const words = { ...options, file };
    expect(await plainWordCount({ ...words, batch: true })).toEqual({ records: 1030, results: 6, checksum: 1030 });
    const runningSums = (1023 * 1024) / 2 + 1 + (1 + 2 + 3) + 3;
    expect(await plainWordCount(words)).toEqual({ records: 1030, results: 1030, checksum: runningSums });
  } finally {
    await rm(dir, { recursive: true });
  }
});

test('the text is the same every time', () => {
  const first = textLines();
  const second = textLines();
  const lines = Array.from({ length: 3 }, () => first.next().value);
  expect(Array.from({ length: 3 }, () => second.next().value)).toEqual(lines);
  for (const line of lines) expect(line).toMatch(/^[A-Za-z]+(,? [A-Za-z]+){4,15}\.\n$/);
});
