// Log and output of job manager and task manager. One process, one folder: both show the same files, as two Flink daemons of one machine do.
import { clusterEndpoints, restError, taskManagerEndpoints } from '@yeoul/contract';
import { FileAnswer, type Route, route, TextFile } from '../http/route.ts';
import type { LogFolder } from '../logs/log-folder.ts';
import type { ServerContext } from '../server-context.ts';

export function logRoutes(context: ServerContext): readonly Route[] {
  return [...jobManagerRoutes(context), ...taskManagerRoutes(context)];
}

function jobManagerRoutes({ logs, output }: ServerContext): readonly Route[] {
  return [
    route(clusterEndpoints.getJobManagerLog, ({ raw }) => sendOwn(logs, logs?.names.log, raw.url)),
    route(clusterEndpoints.getJobManagerStdout, ({ raw }) =>
      logs === undefined ? new TextFile(output.text('driver')) : sendOwn(logs, logs.names.jobManagerOutput, raw.url),
    ),
    route(clusterEndpoints.getJobManagerLogs, () => list(logs)),
    route(clusterEndpoints.getJobManagerLogFile, ({ path }) => sendNamed(logs, path.filename, 'JobManager')),
  ];
}

function taskManagerRoutes({ logs, output, taskManager }: ServerContext): readonly Route[] {
  const check = (asked: string, describe: (id: string) => string) => {
    if (asked !== taskManager.id)
      throw restError(404, `${describe(asked)}: the one there is has the id ${taskManager.id}`);
  };
  const describeTransfer = (id: string) => `Failed to transfer file from TaskExecutor ${id} because it was unknown`;
  return [
    route(taskManagerEndpoints.getTaskManagerLog, ({ path, raw }) => {
      check(path.taskmanagerid, describeTransfer);
      return sendOwn(logs, logs?.names.log, raw.url);
    }),
    route(taskManagerEndpoints.getTaskManagerStdout, ({ path, raw }) => {
      check(path.taskmanagerid, describeTransfer);
      if (logs === undefined) return new TextFile(output.text('slots'));
      return sendOwn(logs, logs.names.taskManagerOutput, raw.url);
    }),
    route(taskManagerEndpoints.getTaskManagerLogs, ({ path }) => {
      check(path.taskmanagerid, (id) => `Could not find TaskExecutor ${id}`);
      return list(logs);
    }),
    route(taskManagerEndpoints.getTaskManagerLogFile, ({ path }) => {
      check(path.taskmanagerid, describeTransfer);
      return sendNamed(logs, path.filename, 'TaskExecutor');
    }),
  ];
}

/** Without a folder there are none, as in a Flink that logs to no file. */
async function list(logs: LogFolder | undefined) {
  return { logs: [...((await logs?.list()) ?? [])] };
}

async function sendOwn(logs: LogFolder | undefined, name: string | undefined, url: string | undefined) {
  const file = name === undefined ? undefined : await logs?.open(name);
  if (file === undefined) throw restError(404, `Unable to load requested file ${url?.split('?', 1)[0]}.`);
  return new FileAnswer(file);
}

async function sendNamed(logs: LogFolder | undefined, name: string, owner: string) {
  const file = await logs?.open(name);
  if (file === undefined) throw restError(404, `This file does not exist in ${owner} log dir.`);
  return new FileAnswer(file);
}
