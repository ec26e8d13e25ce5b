// yeoul config: the configuration of a server, or of a job.
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { findJob } from '../find-job.ts';
import type { Field } from '../print/fields.ts';
import { addJsonOption, addServerOptions, type ServerFlags } from '../server-address.ts';
import { type ServerSession, withServer } from '../server-session.ts';

export function addConfigCommand(program: Command, context: CommandContext): void {
  addJsonOption(addServerOptions(program.command('config')))
    .summary('configuration of a server, or of a job')
    .description('Show the configuration that a server runs with; with a job, how the job is executed.')
    .argument('[job]', 'name, id, or beginning of an id')
    .addHelpText('after', EXAMPLES)
    .action(async (job: string | undefined, flags: ServerFlags) => {
      context.exitCode = await withServer(flags, context, (session) =>
        job === undefined ? server(session) : one(session, job),
      );
    });
}

const EXAMPLES = `
Examples:
  $ yeoul config
  $ yeoul config 7bf83c --json`;

async function server({ client, printer, isJson, signal }: ServerSession): Promise<undefined> {
  const [page, settings] = await Promise.all([
    client.cluster.config({ signal }),
    client.cluster.jobManagerConfig({ signal }),
  ]);
  if (isJson) {
    printer.json({ ...page, configuration: Object.fromEntries(settings.map(({ key, value }) => [key, value])) });
    return;
  }
  const versions: Field[] = [
    ['server', client.baseUrl],
    ['version', page['yeoul-version'] === undefined ? undefined : `Yeoul ${page['yeoul-version']}`],
    ['API', `Flink ${page['flink-version']} (${page['flink-revision']})`],
  ];
  const byKey = [...settings].sort((a, b) => (a.key < b.key ? -1 : 1));
  printer.fields([...versions, ...byKey.map(({ key, value }): Field => [key, value])]);
}

async function one(session: ServerSession, named: string): Promise<undefined> {
  const { client, printer, isJson, signal } = session;
  const { jid } = await findJob(session, named);
  const config = await client.jobs.config(jid, { signal });
  if (isJson) {
    printer.json(config);
    return;
  }
  const { 'user-config': own, ...execution } = config['execution-config'];
  printer.fields([
    ['job', `${config.name} (${config.jid})`],
    ...Object.entries(execution).map(([key, value]): Field => [key, String(value)]),
    ...Object.entries(own).map(([key, value]): Field => [key, value]),
  ]);
}
