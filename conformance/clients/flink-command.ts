// Flink's own command-line client, as its script would start it, pointed at a server.
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FlinkName, prepareFlink } from '../../scripts/flink-cluster.mjs';

export interface CommandResult {
  readonly exitCode: number;
  /** What it printed, errors included. */
  readonly output: string;
}

export type FlinkCommand = (...args: readonly string[]) => Promise<CommandResult>;

const COMMAND_TIMEOUT_MS = 90_000;
const MAIN_CLASS = 'org.apache.flink.client.cli.CliFrontend';

/** Java 17 hides what Flink 1.9 reaches for. */
const JAVA_FLAGS = [
  '--add-exports=java.base/sun.net.util=ALL-UNNAMED',
  ...['lang', 'lang.reflect', 'net', 'util'].map((name) => `--add-opens=java.base/java.${name}=ALL-UNNAMED`),
];

/**
 * @param work folder for its configuration and its log
 * @param serverUrl "http://127.0.0.1:8081"
 */
export function openFlinkCommand(name: FlinkName, work: string, serverUrl: string): FlinkCommand {
  const { libraries } = prepareFlink(name);
  const configuration = writeConfiguration(work, new URL(serverUrl));
  const java = [
    ...['-Xmx160m', '-XX:TieredStopAtLevel=1', ...JAVA_FLAGS],
    `-Dorg.slf4j.simpleLogger.logFile=${join(work, 'client.log')}`,
    ...['-cp', join(libraries, '*'), MAIN_CLASS],
  ];
  const options = {
    cwd: work,
    env: { ...process.env, FLINK_CONF_DIR: configuration, TZ: 'UTC' },
    timeout: COMMAND_TIMEOUT_MS,
  };
  return (...args) =>
    new Promise((resolve) => {
      execFile('java', [...java, ...args], options, (error, stdout, stderr) => {
        resolve({ exitCode: error === null ? 0 : Number(error.code ?? -1), output: `${stdout}${stderr}` });
      });
    });
}

/** 2.x reads YAML of its own name; the versions before it read lines. */
function writeConfiguration(work: string, { hostname, port }: URL): string {
  const folder = join(work, 'conf');
  mkdirSync(folder, { recursive: true });
  const lines = [`rest.address: ${hostname}`, `rest.port: ${port}`, `jobmanager.rpc.address: ${hostname}`];
  const text = `${[...lines, 'execution.target: remote'].join('\n')}\n`;
  for (const name of ['flink-conf.yaml', 'config.yaml']) writeFileSync(join(folder, name), text);
  return folder;
}
