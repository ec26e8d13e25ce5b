// Output on its way to a reader that may be slow, or not read at all.
import type { OutputEvent } from '@yeoul/engine/runtime';
import { expect, test } from 'vitest';
import { awaitReader, exitCodeOfUnread } from '../src/end-of-output.ts';
import { passOutput } from '../src/pass-output.ts';
import { fakeContext } from './support/fake-context.ts';

function open({ isLogged, unread = 0 }: { readonly isLogged: boolean; readonly unread?: number }) {
  const written: string[] = [];
  const stdout = { writableLength: unread, write: (text: string) => void written.push(text) };
  let interrupt: () => void = () => undefined;
  const state = { interrupted: false };
  const context = Object.assign(fakeContext({}), {
    stdout,
    outputIsLogged: isLogged,
    onInterrupt: (callback: () => void) => {
      interrupt = callback;
      return { [Symbol.dispose]: () => undefined };
    },
  });
  Object.defineProperty(context, 'interrupted', { get: () => state.interrupted });
  let print: (text: string) => void = () => undefined;
  passOutput(
    {
      onOutput: (listener: (event: OutputEvent) => void) => {
        print = (text) => listener({ stream: 'stdout', text, slotIndex: 0 } as OutputEvent);
        return () => undefined;
      },
    },
    false,
    context,
  );
  const ctrlC = () => {
    state.interrupted = true;
    interrupt();
  };
  return { context, stdout, written, print: (text: string) => print(text), ctrlC };
}

const MIB = 1024 * 1024;

test('a server keeps no more than a bound for who does not read, and says what it left out', () => {
  const { stdout, written, print } = open({ isLogged: true });
  print('a');
  stdout.writableLength = 17 * MIB;
  print('lost');
  stdout.writableLength = MIB;
  print('lost too');
  stdout.writableLength = 0;
  print('b');
  print('c');
  expect(written).toEqual(['a', expect.stringMatching(/^\n\[12 characters of output left out: .*\]\nb$/), 'c']);
});

test('a run leaves nothing out', () => {
  const { stdout, written, print } = open({ isLogged: false });
  stdout.writableLength = 100 * MIB;
  print('a');
  expect(written).toEqual(['a']);
});

test('the end of a server does not wait for who does not read', async () => {
  const { context } = open({ isLogged: true, unread: 100 });
  expect([await awaitReader(context), exitCodeOfUnread(0, context)]).toEqual([false, 0]);
});

test('the end of a run waits for its reader, until Ctrl-C', async () => {
  const { context, ctrlC } = open({ isLogged: false, unread: 100 });
  const ended = awaitReader(context);
  const first = await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 1200, 'waits'))]);
  ctrlC();
  expect([first, await ended, exitCodeOfUnread(0, context)]).toEqual(['waits', false, 130]);
});

test('a reader that reads is waited for', async () => {
  const { context, stdout } = open({ isLogged: true, unread: 10 });
  const reading = setInterval(() => {
    stdout.writableLength -= 1;
    if (stdout.writableLength === 0) clearInterval(reading);
  }, 30);
  expect(await awaitReader(context)).toBe(true);
});
