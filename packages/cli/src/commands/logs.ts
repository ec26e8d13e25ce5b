// yeoul logs: logs and output of a server.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { parseCount } from '../parse-options.ts';
import { addServerOptions, type ServerFlags } from '../server-address.ts';
import { type ServerSession, withServer } from '../server-session.ts';
import { UsageError } from '../usage-error.ts';

interface LogFlags extends ServerFlags {
  readonly follow?: boolean;
  readonly taskManager?: string | true;
  readonly stdout?: boolean;
  readonly lines?: number;
}

const FOLLOW_MS = 1000;

export function addLogsCommand(program: Command, context: CommandContext): void {
  addServerOptions(program.command('logs'))
    .alias('log')
    .summary("a server's log, or what its jobs print")
    .description("Print a server's log; with --stdout what programs print, with --task-manager what tasks print.")
    .option('-f, --follow', 'go on with what comes, until Ctrl-C')
    .option('--task-manager [id]', "of a task manager; without an id, of the server's only one")
    .option('--stdout', 'standard output instead of the log: print sinks and console.log')
    .option('-n, --lines <n>', 'begin with the last lines only', parseCount)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: LogFlags) => {
      context.exitCode = await withServer(flags, context, (session) => logs(session, flags));
    });
}

const EXAMPLES = `
Examples:
  $ yeoul logs -n 50 --follow
  $ yeoul logs --task-manager --stdout -f     what print sinks write`;

async function logs(session: ServerSession, flags: LogFlags): Promise<undefined> {
  const read = await chooseLog(session, flags);
  const { stdout } = session.context;
  const text = await read();
  stdout.write(lastLines(text, flags.lines));
  if (flags.follow !== true) return;
  const follower = new LogFollower(text);
  while (!session.signal.aborted) {
    await sleep(FOLLOW_MS, undefined, { signal: session.signal });
    stdout.write(follower.next(await read()));
  }
}

async function chooseLog(session: ServerSession, flags: LogFlags): Promise<() => Promise<string>> {
  const { client, signal } = session;
  const isStdout = flags.stdout === true;
  if (flags.taskManager === undefined) {
    return () => (isStdout ? client.cluster.jobManagerStdout({ signal }) : client.cluster.jobManagerLog({ signal }));
  }
  const id = flags.taskManager === true ? await onlyTaskManager(session) : flags.taskManager;
  return () => (isStdout ? client.taskManagers.stdout(id, { signal }) : client.taskManagers.log(id, { signal }));
}

async function onlyTaskManager({ client, signal }: ServerSession): Promise<string> {
  const { taskmanagers } = await client.taskManagers.list({ signal });
  const [only] = taskmanagers;
  if (only !== undefined && taskmanagers.length === 1) return only.id;
  const ids = taskmanagers.map(({ id }) => id).join(', ') || 'none';
  throw new UsageError(`The server has ${taskmanagers.length} task managers; name one: --task-manager ID (${ids})`);
}

export function lastLines(text: string, count: number | undefined): string {
  const whole = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  if (count === undefined) return whole;
  return whole
    .split('\n')
    .slice(-count - 1)
    .join('\n');
}

/** What was printed last is looked for in the next answer: a log that drops its oldest lines is followed all the same. */
const REMEMBERED = 4096;

export class LogFollower {
  #remembered: string;

  constructor(printed: string) {
    this.#remembered = printed.slice(-REMEMBERED);
  }

  /** @returns what is new */
  next(text: string): string {
    const at = this.#remembered === '' ? 0 : text.lastIndexOf(this.#remembered);
    // Nothing of what was printed is left: the log was replaced, or much came at once.
    const added = at < 0 ? text : text.slice(at + this.#remembered.length);
    if (text !== '') this.#remembered = text.slice(-REMEMBERED);
    return added;
  }
}
