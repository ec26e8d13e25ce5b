// yeoul jars: the job jars that a server keeps.
import type { Jar } from '@yeoul/client';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { formatBytes, formatTime } from '../format.ts';
import type { Column } from '../print/table.ts';
import { withProgress } from '../progress.ts';
import { addJsonOption, addServerOptions, type ServerFlags } from '../server-address.ts';
import { type ServerSession, withServer } from '../server-session.ts';
import { readUpload, upload } from '../upload-program.ts';
import { UsageError } from '../usage-error.ts';

export function addJarsCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('jars')
    .alias('jar')
    .description('List, upload and delete the job jars of a server.')
    .summary('job jars of a server: list, upload, delete')
    .addHelpText('after', EXAMPLES);
  addJsonOption(addServerOptions(command.command('list', { isDefault: true })))
    .description('jars that were uploaded, the newest first')
    .action(async (flags: ServerFlags) => {
      context.exitCode = await withServer(flags, context, list);
    });
  addJsonOption(addServerOptions(command.command('upload')))
    .description('upload a jar, or a program as a jar')
    .argument('<program>', 'program file or folder, or .jar')
    .option('-c, --class <entry>', 'entry class that runs when none is asked for')
    .action(async (named: string, flags: ServerFlags & { readonly class?: string }) => {
      context.exitCode = await withServer(flags, context, (session) => add(session, named, flags.class));
    });
  addJsonOption(addServerOptions(command.command('delete')))
    .alias('rm')
    .description('delete jars; jobs that were started from them go on')
    .argument('<jars...>', 'ids, beginnings of ids, or names')
    .action(async (named: string[], flags: ServerFlags) => {
      context.exitCode = await withServer(flags, context, (session) => remove(session, named));
    });
}

const EXAMPLES = `
Examples:
  $ yeoul jars
  $ yeoul jars upload job.jar
  $ yeoul jars delete word-count.jar
"yeoul run -m host:port job.ts" uploads, runs and deletes in one go.`;

const jarColumns: readonly Column<Jar>[] = [
  { head: 'jar', value: ({ id }) => id, minWidth: 8, isId: true },
  { head: 'name', value: ({ name }) => name, minWidth: 10 },
  { head: 'uploaded', value: ({ uploaded }) => formatTime(uploaded), droppable: 1 },
  { head: 'entry classes', value: ({ entry }) => entry.map(({ name }) => name).join(', '), minWidth: 13, droppable: 2 },
];

async function list({ client, printer, isJson, signal, context }: ServerSession): Promise<undefined> {
  const answer = await client.jars.list({ signal });
  if (isJson) printer.json(answer);
  else if (answer.files.length > 0) printer.table(jarColumns, answer.files);
  else context.error('No jars. Upload one with:  yeoul jars upload job.ts');
}

async function add(
  { client, printer, isJson, signal, context }: ServerSession,
  named: string,
  entry: string | undefined,
): Promise<undefined> {
  const content = await readUpload(named, entry, context);
  const send = () => upload(client, content, signal);
  const jar = await withProgress(context, `Uploading ${content.fileName}, ${formatBytes(content.bytes.length)}`, send);
  if (isJson) printer.json(jar);
  else printer.line(jar.id);
}

async function remove(
  { client, printer, isJson, signal }: ServerSession,
  named: readonly string[],
): Promise<undefined> {
  const { files } = await client.jars.list({ signal });
  // All of them are found before the first is deleted.
  const jars = named.map((name) => chooseJar(files, name));
  for (const { id } of jars) {
    await client.jars.delete(id, { signal });
    if (!isJson) printer.line(`Deleted ${id}`);
  }
  if (isJson) printer.json({ deleted: jars.map(({ id }) => id) });
}

/** @throws UsageError with the jars that there are */
export function chooseJar(jars: readonly Jar[], named: string): Jar {
  const exact = jars.filter(({ id }) => id === named);
  const found = exact.length > 0 ? exact : jars.filter(({ id, name }) => name === named || id.startsWith(named));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const ids = (found.length > 0 ? found : jars).map(({ id }) => `  ${id}`).join('\n');
  if (found.length > 1)
    throw new UsageError(`"${named}" could be any of ${found.length} jars; give more of the id:\n${ids}`);
  throw new UsageError(
    jars.length === 0
      ? `There is no jar "${named}": the server has none`
      : `There is no jar "${named}". These are there:\n${ids}`,
  );
}
