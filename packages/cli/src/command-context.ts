// What commands reach of the process: made once by main, faked in tests.
import type { EmbeddedEngine, EmbeddedEngineOptions, ProgramEntry } from '@yeoul/engine/runtime';
import type { ScreenStream } from './live/live-screen.ts';

export interface CommandContext {
  exitCode: number;
  /** True after the first Ctrl-C or SIGTERM. */
  readonly interrupted: boolean;
  readonly stdout: ScreenStream;
  readonly stderr: ScreenStream;
  readonly nowMs: () => number;
  /** Folder of the built engine, as its stack frames begin. */
  readonly installedAt: string;
  readonly version: string;
  /** The entry classes of a bundled program, found by loading it in a thread of its own. */
  listEntries(bundlePath: string): Promise<readonly ProgramEntry[]>;
  openEngine(
    options: Pick<EmbeddedEngineOptions, 'dataDirectory' | 'slots' | 'warmSlots' | 'defaults' | 'cluster' | 'logger'>,
  ): Promise<EmbeddedEngine>;
  /** Calls back at the first Ctrl-C or SIGTERM; the second one ends the process at once. */
  onInterrupt(callback: () => void): Disposable;
  /** A line on standard error. */
  error(message: string): void;
}
