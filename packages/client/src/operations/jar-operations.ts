// Jars: uploads from memory, arguments in any form, runs that are never started twice.
import { jarEndpoints, jobEndpoints } from '@yeoul/contract';
import { FlinkUnsupportedError } from '../errors/client-error.ts';
import { describeVersion } from '../flink-version.ts';
import type { CallRequest, RequestOptions } from '../http/connection.ts';
import { callEndpoint } from '../methods/bind-methods.ts';
import type { AnswerOf } from '../methods/method-types.ts';
import { orLookUp } from './look-up.ts';
import type { OperationContext } from './operation-context.ts';
import { splitArguments } from './split-arguments.ts';

/** 10 minutes: a hundred MiB over a slow line. */
const UPLOAD_TIMEOUT_MILLIS = 600_000;

export interface PlanOptions extends RequestOptions {
  /** Default: the manifest's. */
  readonly entryClass?: string | undefined;
  /** One string is split at blanks outside quotes. */
  readonly programArgs?: string | readonly string[] | undefined;
  readonly parallelism?: number | undefined;
  /** 32 hex digits; default for a run: one of the client's, by which a run is found whose answer was lost. */
  readonly jobId?: string | undefined;
  /** Flink 1.17 and later. */
  readonly flinkConfiguration?: Readonly<Record<string, string>> | undefined;
}

export interface RunOptions extends PlanOptions {
  /** Savepoint or retained checkpoint to start from. */
  readonly savepointPath?: string | undefined;
  /** State that the program has no operator for may be left out. */
  readonly allowNonRestoredState?: boolean | undefined;
  /** Who owns the savepoint's files after the start; Flink 1.15 and later (as `restoreMode` until 1.19). */
  readonly claimMode?: 'CLAIM' | 'NO_CLAIM' | 'LEGACY' | undefined;
}

export interface UploadOptions extends RequestOptions {
  /** Ends in .jar; default: the name of the File, or job.jar. */
  readonly fileName?: string | undefined;
}

export type UploadedJar = AnswerOf<typeof jarEndpoints.uploadJar> & {
  /** For plan, run and delete. */
  readonly id: string;
};

export interface JarOperations {
  upload(content: Blob | Uint8Array | ArrayBuffer, options?: UploadOptions): Promise<UploadedJar>;
  plan(jarId: string, options?: PlanOptions): Promise<AnswerOf<typeof jarEndpoints.planJar>>;
  /** Starts the job of a jar. A lost answer is looked up by the job's id; the job is never started twice. */
  run(jarId: string, options?: RunOptions): Promise<StartedJob>;
  delete(jarId: string, options?: RequestOptions): Promise<Record<string, never>>;
}

export interface StartedJob {
  readonly jobid: string;
  /** Flink 2.3 and later. */
  readonly applicationId?: string;
}

export function createJarOperations(context: OperationContext): JarOperations {
  return {
    upload: (content, options = {}) => upload(context, content, options),
    plan: (jarId, options = {}) => plan(context, jarId, options),
    run: (jarId, options = {}) => run(context, jarId, options),
    delete: (jarId, options = {}) => deleteJar(context, jarId, options),
  };
}

async function upload(
  { connection }: OperationContext,
  content: Blob | Uint8Array | ArrayBuffer,
  { fileName, timeoutMillis = UPLOAD_TIMEOUT_MILLIS, ...options }: UploadOptions,
): Promise<UploadedJar> {
  const form = new FormData();
  const blob =
    content instanceof Blob ? content : new Blob([content as ArrayBuffer], { type: 'application/java-archive' });
  const ownName = 'name' in content && typeof content.name === 'string' ? content.name : 'job.jar';
  form.append('jarfile', blob, fileName ?? ownName);
  const request = { ...options, timeoutMillis, body: form };
  const answer: AnswerOf<typeof jarEndpoints.uploadJar> = await callEndpoint(
    connection,
    jarEndpoints.uploadJar,
    request,
  );
  return { ...answer, id: answer.filename.replace(/^.*[/\\]/, '') };
}

/** GET where it can carry the arguments: every version has it. */
async function plan(context: OperationContext, jarId: string, options: PlanOptions) {
  const { connection, versions } = context;
  const { signal, timeoutMillis, ...rest } = await toBody(context, options);
  const { programArgsList: programArg = [], entryClass, parallelism, ...others } = rest;
  const needsBody = Object.values(others).some((value) => value !== undefined) || programArg.some(isNoQueryItem);
  const request: CallRequest = { signal, timeoutMillis, path: { jarid: jarId } };
  if (!needsBody) {
    const query = {
      programArg: programArg.length === 0 ? undefined : programArg,
      'entry-class': entryClass,
      parallelism,
    };
    return callEndpoint(connection, jarEndpoints.planJar, { ...request, query });
  }
  if (await versions.has('planByPost', options)) {
    return callEndpoint(connection, jarEndpoints.planJarByPost, { ...request, body: rest });
  }
  const version = describeVersion(await versions.get(options));
  throw new FlinkUnsupportedError(
    `${version} plans without a job id, and takes no arguments with commas or without text`,
  );
}

function isNoQueryItem(argument: string): boolean {
  return argument === '' || argument.includes(',');
}

async function run(context: OperationContext, jarId: string, options: RunOptions): Promise<StartedJob> {
  const { connection } = context;
  const jobId = options.jobId ?? connection.options.createId();
  const { signal, timeoutMillis, ...body } = await toBody(context, { ...options, jobId });
  const find = () => findJob(context, jobId, { signal, timeoutMillis });
  // An id of the caller's may be that of an earlier job, which would be taken for the one that was to be started.
  const isTaken = options.jobId !== undefined && (await find()) !== undefined;
  const request = { signal, timeoutMillis, path: { jarid: jarId }, body };
  return orLookUp<StartedJob>(context, () => callEndpoint(connection, jarEndpoints.runJar, request), {
    options,
    jobId,
    find: isTaken ? undefined : find,
  });
}

async function findJob({ connection }: OperationContext, jobId: string, options: RequestOptions) {
  const { jobs } = await callEndpoint(connection, jobEndpoints.listJobs, options);
  return jobs.some(({ id }: { id: string }) => id === jobId.toLowerCase()) ? { jobid: jobId.toLowerCase() } : undefined;
}

/** The fields as this server's version calls them. */
async function toBody({ versions }: OperationContext, options: RunOptions) {
  const { programArgs, claimMode, flinkConfiguration, ...rest } = options;
  await versions.require('flinkConfiguration', 'configuration per run (flinkConfiguration)', flinkConfiguration, rest);
  await versions.require('restoreMode', 'choice of claimMode', claimMode, rest);
  const programArgsList = typeof programArgs === 'string' ? splitArguments(programArgs) : programArgs;
  const isNewName = claimMode !== undefined && (await versions.has('claimMode', rest));
  return { ...rest, programArgsList, flinkConfiguration, [isNewName ? 'claimMode' : 'restoreMode']: claimMode };
}

async function deleteJar(context: OperationContext, jarId: string, options: RequestOptions) {
  const { connection } = context;
  const request = { ...options, path: { jarid: jarId } };
  return orLookUp(context, () => callEndpoint(connection, jarEndpoints.deleteJar, request), {
    options,
    find: async () => {
      const { files } = await connection.call(jarEndpoints.listJars, options);
      return files.some(({ id }) => id === jarId) ? undefined : {};
    },
  });
}
