// The command's surroundings in a real process.
import { EmbeddedEngine, WorkerProgramDriver } from '@yeoul/engine/runtime';
import type { CommandContext } from './command-context.ts';
import { ExitCode } from './exit-codes.ts';

/** A program's modules are there to be loaded, not to work. */
const LOAD_TIMEOUT_MS = 30_000;

/** Where the assembled package keeps its worker entries, and its version. */
export interface Installation {
  readonly version: string;
  readonly slotWorkerUrl: URL;
  readonly driverWorkerUrl: URL;
}

export function createProcessContext(installation: Installation): CommandContext {
  let interrupted = false;
  endWithReader(process.stdout);
  return {
    exitCode: ExitCode.Ok,
    get interrupted() {
      return interrupted;
    },
    stdout: process.stdout,
    stderr: process.stderr,
    nowMs: Date.now,
    installedAt: new URL('.', installation.slotWorkerUrl).href,
    version: installation.version,
    listEntries: (bundlePath) =>
      new WorkerProgramDriver(installation.driverWorkerUrl).listEntries(bundlePath, LOAD_TIMEOUT_MS),
    openEngine: (options) =>
      EmbeddedEngine.open({
        ...options,
        slotWorkerUrl: installation.slotWorkerUrl,
        driverWorkerUrl: installation.driverWorkerUrl,
        engineVersion: installation.version,
      }),
    onInterrupt: (callback) => {
      const onSignal = () => {
        if (interrupted) process.exit(ExitCode.Interrupted);
        interrupted = true;
        callback();
      };
      process.on('SIGINT', onSignal);
      process.on('SIGTERM', onSignal);
      return {
        [Symbol.dispose]: () => {
          process.off('SIGINT', onSignal);
          process.off('SIGTERM', onSignal);
        },
      };
    },
    error: (message) => process.stderr.write(`${message}\n`),
  };
}

/** `yeoul run … | head`: when nobody reads any more there is nothing left to do, and nothing to complain about. */
function endWithReader(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(ExitCode.Ok);
    throw error;
  });
}
