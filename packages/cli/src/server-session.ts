// A command's conversation with a server: the client, what it prints with, and what becomes of failures.
import type { FlinkClient } from '@yeoul/client';
import type { CommandContext } from './command-context.ts';
import { ExitCode } from './exit-codes.ts';
import { createPrinter, type Printer } from './print/printer.ts';
import { resolveAddress, type ServerFlags } from './server-address.ts';
import { reportServerError } from './server-errors.ts';

export interface ServerSession {
  readonly client: FlinkClient;
  readonly printer: Printer;
  readonly context: CommandContext;
  readonly isJson: boolean;
  /** Aborted by Ctrl-C: for calls that take long. */
  readonly signal: AbortSignal;
}

/** @returns the exit code */
export async function withServer(
  flags: ServerFlags,
  context: CommandContext,
  use: (session: ServerSession) => Promise<number | undefined>,
): Promise<number> {
  const baseUrl = resolveAddress(flags, context.environment);
  const token = flags.token ?? (context.environment.YEOUL_TOKEN || undefined);
  // Loaded here: verbs without a server begin without it.
  const { FlinkClient } = await import('@yeoul/client');
  const client = new FlinkClient({ baseUrl, token, fetch: context.fetch, retries: 1 });
  const interrupt = new AbortController();
  using _listening = context.onInterrupt(() => interrupt.abort());
  try {
    const session = { client, context, signal: interrupt.signal, isJson: flags.json === true };
    return (await use({ ...session, printer: createPrinter(context) })) ?? ExitCode.Ok;
  } catch (error) {
    if (interrupt.signal.aborted) return ExitCode.Interrupted;
    return await reportServerError(error, baseUrl, context);
  }
}
