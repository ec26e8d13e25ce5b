// What handlers work with, apart from the request.
import type { LocalCluster, ThreadInspector } from '@yeoul/engine/runtime';
import type { FlameGraphOptions } from './flame-graphs.ts';
import type { LogFolder } from './logs/log-folder.ts';
import type { OutputLog } from './output-log.ts';
import type { EventTickets } from './security/event-tickets.ts';
import type { SavepointPlaces } from './security/savepoint-places.ts';

/** Figures of the machine, sampled when asked. */
export interface MachineFigures {
  readonly cpuCores: number;
  readonly physicalMemoryBytes: number;
  readonly freeMemoryBytes: number;
}

export interface TaskManagerIdentity {
  readonly id: string;
  readonly host: string;
  /** Nominal: slots are threads and exchange data through memory. */
  readonly dataPort: number;
}

export interface ServerContext {
  readonly cluster: LocalCluster;
  readonly clock: { nowMs(): number };
  readonly machine: () => MachineFigures;
  readonly taskManager: TaskManagerIdentity;
  /** Of the API that is spoken: "1.9.1". */
  readonly flinkVersion: string;
  readonly engineVersion: string;
  readonly refreshIntervalMs: number;
  readonly isWebSubmitEnabled: boolean;
  /** Undefined: savepoints may be anywhere. */
  readonly savepointPlaces: SavepointPlaces | undefined;
  /** Shown by /jobmanager/config; without secrets. */
  readonly configuration: Readonly<Record<string, string>>;
  /** What the log pages show; undefined: nothing is logged to files, and the newest output is kept in memory. */
  readonly logs: LogFolder | undefined;
  readonly output: OutputLog;
  /** Undefined: tasks run in no threads of their own. */
  readonly threads: ThreadInspector | undefined;
  /** Undefined: flame graphs are off. */
  readonly flameGraph: FlameGraphOptions | undefined;
  /** For readers of events who cannot send a token. */
  readonly tickets: EventTickets;
  /** Ends the process's cluster; undefined: DELETE /cluster is not served. */
  readonly shutDown: (() => void) | undefined;
}
