// yeoul run -m: takes a program to a server, starts its job there, and waits for its end unless it is to be left alone.
import type { JobAccumulators } from '@yeoul/client';
import type { CommandContext } from './command-context.ts';
import { remoteStack } from './describe-failure.ts';
import { ExitCode } from './exit-codes.ts';
import { formatBytes, formatDuration } from './format.ts';
import { withProgress } from './progress.ts';
import type { ServerFlags, WaitFlags } from './server-address.ts';
import { type ServerSession, withServer } from './server-session.ts';
import { readUpload, upload } from './upload-program.ts';
import { UsageError } from './usage-error.ts';

export interface SubmitFlags extends ServerFlags, WaitFlags {
  readonly detached?: boolean;
  readonly wait?: boolean;
  readonly shutdownOnAttachedExit?: boolean;
  readonly parallelism?: number;
  readonly class?: string;
  readonly fromSavepoint?: string;
  readonly allowNonRestoredState?: boolean;
}

export function submitProgram(
  named: string,
  args: readonly string[],
  flags: SubmitFlags,
  context: CommandContext,
): Promise<number> {
  return withServer(flags, context, async (session) => {
    const jobId = await submit(session, named, args, flags);
    return flags.detached === true ? leave(session, jobId, flags) : attend(session, jobId, flags);
  });
}

async function submit(
  session: ServerSession,
  named: string,
  args: readonly string[],
  flags: SubmitFlags,
): Promise<string> {
  const { client, signal, context } = session;
  if (flags.fromSavepoint === 'ae') throw new UsageError('-sae is spelled --shutdown-on-attached-exit here');
  const content = await readUpload(named, flags.class, context);
  const what = `${content.fileName}, ${formatBytes(content.bytes.length)}`;
  const jar = await withProgress(context, `Uploading ${what}`, () => upload(client, content, signal));
  try {
    const options = {
      entryClass: flags.class,
      programArgs: args.length === 0 ? undefined : args,
      parallelism: flags.parallelism,
      savepointPath: flags.fromSavepoint,
      allowNonRestoredState: flags.allowNonRestoredState,
      signal,
    };
    const run = () => client.jars.run(jar.id, options);
    return (await withProgress(context, `Starting ${content.fileName}`, run)).jobid;
  } finally {
    // The job has what it needs: jars that nobody asked to keep would pile up.
    await client.jars.delete(jar.id).catch(() => undefined);
  }
}

/** Flink's words: scripts look for them. */
function announce({ printer, isJson, context }: ServerSession, jobId: string): void {
  const text = `Job has been submitted with JobID ${jobId}`;
  if (isJson) context.error(text);
  else printer.line(text);
}

async function leave(session: ServerSession, jobId: string, { wait, timeout }: SubmitFlags): Promise<number> {
  const { client, printer, isJson, signal, context } = session;
  announce(session, jobId);
  const untilRunning = () => client.waitUntilRunning(jobId, { signal, timeoutMillis: timeout });
  const answer = wait === true ? await withProgress(context, 'Waiting for its tasks to run', untilRunning) : undefined;
  if (isJson) printer.json({ jobId, ...answer });
  return ExitCode.Ok;
}

async function attend(session: ServerSession, jobId: string, flags: SubmitFlags): Promise<number> {
  const { client, signal, context } = session;
  announce(session, jobId);
  const untilEnded = () => client.waitUntilTerminal(jobId, { signal, timeoutMillis: flags.timeout });
  try {
    const { status } = await withProgress(context, `Job ${jobId} runs; Ctrl-C leaves it to itself`, untilEnded);
    return await report(session, jobId, status);
  } catch (error) {
    if (signal.aborted) await handOver(session, jobId, flags.shutdownOnAttachedExit === true);
    throw error;
  }
}

/** Ctrl-C: the job goes on, as with Flink's command, unless it was to end with this one. */
async function handOver({ client, context }: ServerSession, jobId: string, isToEnd: boolean): Promise<void> {
  if (!isToEnd) {
    context.error(`Job ${jobId} goes on. To end it:  yeoul cancel ${jobId.slice(0, 8)}`);
    return;
  }
  await client.jobs.cancel(jobId);
  context.error(`Cancelling job ${jobId}`);
}

async function report(session: ServerSession, jobId: string, status: string): Promise<number> {
  const { client, printer, isJson, context } = session;
  const [{ duration }, accumulators, exceptions] = await Promise.all([
    client.jobs.get(jobId),
    client.jobs.accumulators(jobId),
    client.jobs.exceptions(jobId),
  ]);
  const root = status === 'FAILED' ? exceptions['root-exception'] : undefined;
  if (isJson) {
    printer.json({
      jobId,
      status,
      durationMs: duration,
      accumulators: accumulators['user-task-accumulators'],
      error: root ?? undefined,
    });
  } else {
    context.error(
      `Job ${jobId} ${status.toLowerCase()} after ${formatDuration(duration)}${root ? `: ${remoteStack(root)}` : ''}`,
    );
    for (const line of describeAccumulators(accumulators)) context.error(line);
  }
  return status === 'FINISHED' ? ExitCode.Ok : ExitCode.Failed;
}

function describeAccumulators({ 'user-task-accumulators': own }: JobAccumulators): readonly string[] {
  return own.map(({ name, type, value }) => `- ${name} (${type}): ${value}`);
}
