// The files of an engine's log folder: its log, and the output of programs (job manager) and tasks (task manager), named as Flink's are.
import { join, resolve } from 'node:path';
import type { Configuration, LocalCluster } from '@yeoul/engine/runtime';
import type { CommandContext } from '../command-context.ts';
import { loggingOptions } from '../config/logging-options.ts';
import type { EngineLog } from './engine-log.ts';
import { maskSecrets } from './log-line.ts';
import { RotatingFile } from './rotating-file.ts';

export const LogFileName = {
  log: 'yeoul-engine.log',
  jobManagerOutput: 'yeoul-jobmanager.out',
  taskManagerOutput: 'yeoul-taskmanager.out',
} as const;

export interface LogFilesOptions {
  readonly configuration: Configuration;
  readonly dataDirectory: string;
  readonly context: Pick<CommandContext, 'nowMs' | 'error'>;
}

export class LogFiles implements AsyncDisposable {
  /** Absolute. */
  readonly directory: string;
  readonly #options: LogFilesOptions;
  #files: Readonly<Record<keyof typeof LogFileName, RotatingFile>> | undefined;
  readonly #onExit = () => {
    for (const file of this.#all) file.flushSync();
  };

  constructor(options: LogFilesOptions) {
    this.directory = resolve(options.configuration.get(loggingOptions.directory) ?? join(options.dataDirectory, 'log'));
    this.#options = options;
  }

  /** To be called by who holds the data directory. From here on the log and what programs and tasks print is kept. */
  async open(log: EngineLog, cluster: Pick<LocalCluster, 'onOutput'>): Promise<void> {
    const files = {
      log: await this.#openFile(LogFileName.log),
      jobManagerOutput: await this.#openFile(LogFileName.jobManagerOutput),
      taskManagerOutput: await this.#openFile(LogFileName.taskManagerOutput),
    };
    this.#files = files;
    process.once('exit', this.#onExit);
    log.attach(files.log);
    cluster.onOutput(({ slotIndex, text }) => {
      (slotIndex < 0 ? files.jobManagerOutput : files.taskManagerOutput).write(text);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off('exit', this.#onExit);
    await Promise.all(this.#all.map((file) => file.close()));
  }

  get #all(): readonly RotatingFile[] {
    return Object.values(this.#files ?? {});
  }

  #openFile(name: string): Promise<RotatingFile> {
    const { configuration, context } = this.#options;
    return RotatingFile.open({
      path: join(this.directory, name),
      maxBytes: configuration.get(loggingOptions.maxFileBytes),
      maxFiles: configuration.get(loggingOptions.maxFiles),
      maxAgeMs: configuration.get(loggingOptions.maxAgeMs),
      nowMs: context.nowMs,
      onProblem: (error) => context.error(`Warning: ${name} cannot be written: ${maskSecrets(error.message)}`),
    });
  }
}
