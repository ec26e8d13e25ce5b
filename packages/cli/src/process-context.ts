// The command's surroundings in a real process.
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
    outputIsLogged: false,
    get interrupted() {
      return interrupted;
    },
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
    nowMs: Date.now,
    fetch,
    installedAt: new URL('.', installation.slotWorkerUrl).href,
    version: installation.version,
    // The engine is loaded by the verbs that need it: the others only talk to a server, and are to begin at once.
    listEntries: async (bundlePath) => {
      const { WorkerProgramDriver } = await import('@yeoul/engine/runtime');
      return new WorkerProgramDriver(installation.driverWorkerUrl).listEntries(bundlePath, LOAD_TIMEOUT_MS);
    },
    planProgram: async (program) => {
      const { WorkerProgramDriver } = await import('@yeoul/engine/runtime');
      return new WorkerProgramDriver(installation.driverWorkerUrl).plan(program, LOAD_TIMEOUT_MS);
    },
    openEngine: async (options) => {
      const { EmbeddedEngine } = await import('@yeoul/engine/runtime');
      return EmbeddedEngine.open({
        ...options,
        slotWorkerUrl: installation.slotWorkerUrl,
        driverWorkerUrl: installation.driverWorkerUrl,
        engineVersion: installation.version,
      });
    },
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
    abandon: (exitCode) => process.exit(exitCode),
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
