import { createReadStream } from 'node:fs';
import type { RunOptions } from '../src/protocol.ts';
import type { Repetition } from '../src/serve-runs.ts';

/** The word count as one loop. It keeps final counts only; the running sums of a streaming run follow from them. */
export async function plainWordCount({ file, batch }: RunOptions): Promise<Repetition> {
  const { records, counts } = await countWords(file);
  let finalSum = 0;
  let runningSum = 0;
  for (const count of counts.values()) {
    finalSum += count;
    runningSum += (count * (count + 1)) / 2; // 1 + 2 + … + count: what the running sums add up to
  }
  return batch
    ? { records, results: counts.size, checksum: finalSum }
    : { records, results: records, checksum: runningSum };
}

async function countWords(file: string): Promise<{ records: number; counts: Map<string, number> }> {
  const counts = new Map<string, number>();
  let records = 0;
  let rest = '';
  const countLine = (line: string): void => {
    for (const word of line.toLowerCase().split(/\W+/)) {
      if (word === '') continue;
      records++;
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  };
  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 20 })) {
    const lines = (rest + (chunk as string)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) countLine(line);
  }
  if (rest !== '') countLine(rest);
  return { records, counts };
}
