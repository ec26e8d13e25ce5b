// The end of a command whose output is still on its way to a slow reader.
//   E1. A command that came to its end waits for its reader, however slow: nothing is lost.
//   E2. One that was interrupted, and a server, whose jobs print to files as well, waits only while the reader reads.
import type { CommandContext } from './command-context.ts';
import { ExitCode } from './exit-codes.ts';

/** Without a byte read, nobody reads. */
const UNREAD_MS = 1000;
const LOOK_MS = 20;

type Ending = Pick<CommandContext, 'stdout' | 'stderr' | 'interrupted' | 'outputIsLogged' | 'onInterrupt'>;

/** @returns false: the rest is not going to be read, and the process is to end without it */
export async function awaitReader(context: Ending): Promise<boolean> {
  // A Ctrl-C from here on is E2.
  using _listening = context.onInterrupt(() => undefined);
  let unread = unreadOf(context);
  for (let idleMs = 0; unread > 0; ) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const left = unreadOf(context);
    idleMs = left < unread ? 0 : idleMs + LOOK_MS;
    unread = left;
    const isPatient = !context.interrupted && !context.outputIsLogged;
    if (!isPatient && idleMs >= UNREAD_MS) return false;
  }
  return true;
}

function unreadOf({ stdout, stderr }: Ending): number {
  return (stdout.writableLength ?? 0) + (stderr.writableLength ?? 0);
}

/** Of a command that would have ended well, had it not been interrupted while its reader was slow. */
export function exitCodeOfUnread(exitCode: number, { interrupted, outputIsLogged }: Ending): number {
  return interrupted && !outputIsLogged ? exitCode || ExitCode.Interrupted : exitCode;
}
