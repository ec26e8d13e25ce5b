// The engine assembled for one process: cluster, worker threads, drivers. What the command, the server, benchmarks and
// embedders start.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { LocalCluster, type SubmitOptions } from '../coordinator/local-cluster.ts';
import type { LocalClusterOptions } from '../coordinator/local-cluster-options.ts';
import type { ProgramExecution } from '../coordinator/program-execution.ts';
import { systemProcessTable } from '../coordinator/system-process-table.ts';
import type { ProgramDefaults } from '../messages.ts';
import { type BegunBundle, bundleProgram } from '../program/bundle-program.ts';
import { WorkerProgramDriver } from '../program/worker-program-driver.ts';
import { WorkerSlotLauncher } from '../slot/worker-launcher.ts';
import { SystemClock } from './system-clock.ts';
import { processFigures } from './system-process-figures.ts';
import { systemRandom } from './system-random.ts';

export interface EmbeddedEngineOptions {
  /** Where jobs, checkpoints and savepoints are kept; one engine at a time. */
  readonly dataDirectory: string;
  /** Threads that tasks run in; a job takes as many as its parallelism. */
  readonly slots: number;
  /** Entries of the worker threads. */
  readonly slotWorkerUrl: URL;
  readonly driverWorkerUrl: URL;
  /** Threads kept ready, so that a job starts without waiting for them. */
  readonly warmSlots?: number;
  /** A program will be started: its driver's thread is begun at once. Default false. */
  readonly expectsProgram?: boolean;
  readonly engineVersion: string;
  readonly defaultParallelism?: number;
  readonly stateBackend?: 'heap' | 'disk';
  readonly maxHeapMiBPerSlot?: number | undefined;
  /** Of jobs that do not say it themselves; instead of defaultParallelism and stateBackend. */
  readonly defaults?: ProgramDefaults;
  /** Directories and limits of the cluster. */
  readonly cluster?: ClusterSettings;
  readonly logger?: LocalClusterOptions['logger'];
  /** Hears what jobs print from the first line on: those that are resumed print while the engine opens. */
  readonly onOutput?: LocalClusterOptions['onOutput'];
}

/** What of a cluster can be set from outside; absent: its defaults. */
export type ClusterSettings = Partial<
  Pick<
    LocalClusterOptions,
    | 'allowOlderCheckpoint'
    | 'channels'
    | 'checkpointsDirectory'
    | 'diskCacheBytes'
    | 'history'
    | 'inlineThresholdBytes'
    | 'limits'
    | 'maxHeapMiBPerSlot'
    | 'retainedCheckpoints'
    | 'savepointsDirectory'
  >
>;

export interface RunProgramOptions extends SubmitOptions {
  /** Program source; bundled first, unless that was begun before the engine was open. */
  readonly sourcePath: string | BegunBundle;
  /** Default "default". */
  readonly entry?: string;
  readonly args?: readonly string[];
  readonly parallelism?: number | undefined;
}

export class EmbeddedEngine {
  readonly cluster: LocalCluster;
  readonly driver: WorkerProgramDriver;
  readonly #launcher: WorkerSlotLauncher;
  readonly #scratch: string;

  private constructor(
    cluster: LocalCluster,
    driver: WorkerProgramDriver,
    launcher: WorkerSlotLauncher,
    scratch: string,
  ) {
    this.cluster = cluster;
    this.driver = driver;
    this.#launcher = launcher;
    this.#scratch = scratch;
  }

  /** Takes the data directory and resumes the jobs in it. @throws DATA_DIR_LOCKED */
  static async open(options: EmbeddedEngineOptions): Promise<EmbeddedEngine> {
    const dataDirectory = resolve(options.dataDirectory);
    const { slotWorkerUrl, driverWorkerUrl, warmSlots = 0, defaultParallelism = 1, stateBackend = 'heap' } = options;
    const slotLauncher = new WorkerSlotLauncher({ workerUrl: slotWorkerUrl, warmWorkers: warmSlots });
    const driver = new WorkerProgramDriver(driverWorkerUrl);
    if (options.expectsProgram === true) driver.prepare();
    try {
      const cluster = await LocalCluster.open({
        dataDirectory,
        slots: options.slots,
        clock: new SystemClock(),
        random: systemRandom,
        slotLauncher,
        driver,
        defaults: options.defaults ?? {
          parallelism: defaultParallelism,
          stateBackend,
          checkpointIntervalMs: undefined,
        },
        processes: systemProcessTable,
        engineVersion: options.engineVersion,
        savepointsDirectory: join(dataDirectory, 'savepoints'),
        maxHeapMiBPerSlot: options.maxHeapMiBPerSlot,
        onOutput: options.onOutput,
        ...options.cluster,
        ...(options.logger ? { logger: options.logger } : {}),
      });
      cluster.metrics.setProcessFigures(processFigures);
      const scratch = await createScratch(dataDirectory);
      return new EmbeddedEngine(cluster, driver, slotLauncher, scratch);
    } catch (error) {
      await Promise.all([slotLauncher.close(), driver.close()]);
      throw error;
    }
  }

  /** Bundles and runs a program; resolves with the id of its first job once that is accepted. */
  async runProgram(options: RunProgramOptions): Promise<string> {
    const execution = await this.startProgram(options);
    return (await execution.job(0)) as string;
  }

  /** Bundles and runs a program; resolves with its execution once its first job is accepted. */
  async startProgram(options: RunProgramOptions): Promise<ProgramExecution> {
    const { bundlePath } = await bundleProgram(options.sourcePath, this.#scratch);
    const { sourcePath: _, entry = 'default', args = [], parallelism, ...submit } = options;
    return this.cluster.submitProgram({ ...submit, bundlePath, entry, args, parallelism });
  }

  /** Ends the process's part; jobs are kept and resume at the next open on the same directory. */
  async close(): Promise<void> {
    await this.cluster.shutdown();
    await Promise.all([this.#launcher.close(), this.driver.close()]);
    await rm(this.#scratch, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Where programs are bundled before they are stored. The next open removes `work` with what a killed process left there. */
async function createScratch(dataDirectory: string): Promise<string> {
  const work = join(dataDirectory, 'work');
  await mkdir(work, { recursive: true });
  return mkdtemp(join(work, 'programs-'));
}
