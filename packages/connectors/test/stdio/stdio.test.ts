import { PassThrough, Readable, Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { StdinSource, StdoutSink } from '../../src/stdio/index.ts';
import { runSourceFunction } from '../run-source-function.ts';

test('standard input gives its lines to the end', async () => {
  const open = () => Readable.from([Buffer.from('a\nb'), Buffer.from('c\r\n'), Buffer.from('last')]);
  const { records, done } = runSourceFunction(new StdinSource({ open }));
  await done;
  expect(records).toEqual(['a', 'bc', 'last']);
});

test('a source that waits for input is cancelled', async () => {
  const input = new PassThrough();
  const source = runSourceFunction(new StdinSource({ open: () => input }));
  input.write('a\n');
  await source.waitFor(1);
  await source.stop().catch(() => {});
  expect(source.records).toEqual(['a']);
});

test('standard output gets one JSON value per line, at the pace of its reader', async () => {
  let text = '';
  const output = new Writable({
    highWaterMark: 20,
    write(chunk, _encoding, done) {
      text += String(chunk);
      setImmediate(done);
    },
  });
  const sink = new StdoutSink<unknown>({ output });
  for (const record of [{ a: 1 }, 'x', [2], null]) await sink.invoke(record);
  await sink.finish();
  expect(text).toBe('{"a":1}\n"x"\n[2]\nnull\n');
});
