// The client: groups of methods made from the contract, and waiters over them.
import type { AnyEndpoint } from '@yeoul/contract';
import { type FlinkClientOptions, resolveClientOptions } from './client-options.ts';
import type { FlinkVersion } from './flink-version.ts';
import { type CallRequest, Connection, type RequestOptions } from './http/connection.ts';
import { bindMethods, callEndpoint } from './methods/bind-methods.ts';
import {
  applicationMethods,
  clusterMethods,
  jarMethods,
  jobMethods,
  savepointMethods,
  taskManagerMethods,
  vertexMethods,
} from './methods/method-table.ts';
import type { AnswerOf, MethodGroup } from './methods/method-types.ts';
import { createJarOperations, type JarOperations } from './operations/jar-operations.ts';
import { createJobOperations, type JobOperations } from './operations/job-operations.ts';
import type { OperationContext } from './operations/operation-context.ts';
import { createSavepointOperations, type SavepointOperations } from './operations/savepoint-operations.ts';
import { VersionSource } from './version-source.ts';
import { type CheckpointWaiters, createCheckpointWaiters } from './waiters/checkpoint-waiters.ts';
import { createJobWaiters, type JobWaiters } from './waiters/job-waiters.ts';
import { createSavepointWaiters, type SavepointWaiters } from './waiters/savepoint-waiters.ts';

export type ClusterMethods = MethodGroup<typeof clusterMethods>;
export type TaskManagerMethods = MethodGroup<typeof taskManagerMethods>;
export type VertexMethods = MethodGroup<typeof vertexMethods>;
export type JobMethods = Omit<MethodGroup<typeof jobMethods>, keyof JobOperations> &
  JobOperations & { readonly vertices: VertexMethods };
export type SavepointMethods = Omit<MethodGroup<typeof savepointMethods>, keyof SavepointOperations> &
  SavepointOperations;
export type ApplicationMethods = MethodGroup<typeof applicationMethods>;
export type JarMethods = Omit<MethodGroup<typeof jarMethods>, keyof JarOperations> & JarOperations;

/** A cluster's REST API: Yeoul's, or Apache Flink's from 1.9 to 2.3. */
export class FlinkClient {
  readonly cluster: ClusterMethods;
  readonly taskManagers: TaskManagerMethods;
  readonly jobs: JobMethods;
  readonly savepoints: SavepointMethods;
  readonly jars: JarMethods;
  /** Of Flink 2.3 and of Yeoul. */
  readonly applications: ApplicationMethods;
  readonly #context: OperationContext;
  readonly #waiters: JobWaiters & SavepointWaiters & CheckpointWaiters;

  constructor(options: FlinkClientOptions) {
    const connection = new Connection(resolveClientOptions(options));
    const context = { connection, versions: new VersionSource(connection) };
    const savepoints = createSavepointOperations(context);
    const jobs = createJobOperations(context, savepoints);
    this.cluster = bindMethods(connection, clusterMethods);
    this.taskManagers = bindMethods(connection, taskManagerMethods);
    this.jobs = { ...bindMethods(connection, jobMethods), ...jobs, vertices: bindMethods(connection, vertexMethods) };
    this.savepoints = { ...bindMethods(connection, savepointMethods), ...savepoints };
    this.applications = bindMethods(connection, applicationMethods);
    this.jars = { ...bindMethods(connection, jarMethods), ...createJarOperations(context) };
    const jobWaiters = createJobWaiters(context, jobs);
    this.#context = context;
    this.#waiters = {
      ...jobWaiters,
      ...createSavepointWaiters(context, savepoints, jobWaiters),
      ...createCheckpointWaiters(context),
    };
  }

  get baseUrl(): string {
    return this.#context.connection.options.baseUrl;
  }

  /** What the server is; asked once a minute at most. */
  version(options?: RequestOptions): Promise<FlinkVersion> {
    return this.#context.versions.get(options);
  }

  /** Any endpoint of the contract, or one of your own made with `defineEndpoint`. */
  request<E extends AnyEndpoint>(endpoint: E, request: CallRequest = {}): Promise<AnswerOf<E>> {
    return callEndpoint(this.#context.connection, endpoint, request);
  }

  /** @see JobWaiters */
  waitUntilRunning(...args: Parameters<JobWaiters['waitUntilRunning']>) {
    return this.#waiters.waitUntilRunning(...args);
  }

  /** @see JobWaiters */
  waitUntilTerminal(...args: Parameters<JobWaiters['waitUntilTerminal']>) {
    return this.#waiters.waitUntilTerminal(...args);
  }

  /** @see CheckpointWaiters */
  takeCheckpoint(...args: Parameters<CheckpointWaiters['takeCheckpoint']>) {
    return this.#waiters.takeCheckpoint(...args);
  }

  /** @see CheckpointWaiters */
  waitForCheckpoint(...args: Parameters<CheckpointWaiters['waitForCheckpoint']>) {
    return this.#waiters.waitForCheckpoint(...args);
  }

  /** @see SavepointWaiters */
  waitForSavepoint(...args: Parameters<SavepointWaiters['waitForSavepoint']>) {
    return this.#waiters.waitForSavepoint(...args);
  }

  /** @see SavepointWaiters */
  waitForDisposal(...args: Parameters<SavepointWaiters['waitForDisposal']>) {
    return this.#waiters.waitForDisposal(...args);
  }

  /** @see SavepointWaiters */
  takeSavepoint(...args: Parameters<SavepointWaiters['takeSavepoint']>) {
    return this.#waiters.takeSavepoint(...args);
  }

  /** @see SavepointWaiters */
  cancelWithSavepoint(...args: Parameters<SavepointWaiters['cancelWithSavepoint']>) {
    return this.#waiters.cancelWithSavepoint(...args);
  }

  /** @see SavepointWaiters */
  stopWithSavepoint(...args: Parameters<SavepointWaiters['stopWithSavepoint']>) {
    return this.#waiters.stopWithSavepoint(...args);
  }

  /** @see SavepointWaiters */
  disposeSavepoint(...args: Parameters<SavepointWaiters['disposeSavepoint']>) {
    return this.#waiters.disposeSavepoint(...args);
  }
}
