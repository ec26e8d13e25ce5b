// What commands reach of the process: made once by main, faked in tests.
import type {
  EmbeddedEngine,
  EmbeddedEngineOptions,
  JobGraphDescription,
  ProgramDescriptor,
  ProgramEntry,
} from '@yeoul/engine/runtime';
import type { ScreenStream } from './live/live-screen.ts';
import type { Environment } from './print/colours.ts';

export interface CommandContext {
  exitCode: number;
  /** What jobs print is in files as well: who does not read it is not waited for. */
  outputIsLogged: boolean;
  /** True after the first Ctrl-C or SIGTERM. */
  readonly interrupted: boolean;
  readonly stdout: ScreenStream;
  readonly stderr: ScreenStream;
  readonly environment: Environment;
  readonly nowMs: () => number;
  /** For calls of servers. */
  readonly fetch: typeof fetch;
  /** Folder of the built engine, as its stack frames begin. */
  readonly installedAt: string;
  readonly version: string;
  /** The entry classes of a bundled program, found by loading it in a thread of its own. */
  listEntries(bundlePath: string): Promise<readonly ProgramEntry[]>;
  /** The graph that a bundled program executes first, found by running it up to there in a thread of its own. */
  planProgram(program: ProgramDescriptor): Promise<JobGraphDescription>;
  openEngine(
    options: Pick<
      EmbeddedEngineOptions,
      'dataDirectory' | 'slots' | 'warmSlots' | 'expectsProgram' | 'defaults' | 'cluster' | 'logger' | 'onOutput'
    >,
  ): Promise<EmbeddedEngine>;
  /** Calls back at the first Ctrl-C or SIGTERM; the second one ends the process at once. */
  onInterrupt(callback: () => void): Disposable;
  /** Ends the process at once, with what is not written yet. */
  abandon(exitCode: number): void;
  /** A line on standard error. */
  error(message: string): void;
}
