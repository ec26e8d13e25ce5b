// Messages between the thread that evaluates a program (the driver) and the main thread that runs its jobs.
import type { JobRequest } from '../../api/program-context.ts';
import type { JobGraphDescription } from '../../graph/job-graph.ts';
import type { JobExecutionResultData, ProgramDescriptor, SerializedError } from '../messages.ts';

/** The first message to a driver thread, which waits for it. */
export interface DriverStart {
  readonly program: ProgramDescriptor;
  /** Only say what entries the program has; nothing of it runs but its modules. */
  readonly listEntries?: boolean;
}

/** An entry class of a program. */
export interface ProgramEntry {
  readonly name: string;
  /** Its own `description`, when it has one. */
  readonly description: string | undefined;
}

export type FromDriver =
  /** The program called execute (or executeAsync, executeAndCollect). */
  | {
      readonly type: 'submit';
      readonly executeIndex: number;
      readonly graph: JobGraphDescription;
    }
  | { readonly type: 'cancel'; readonly executeIndex: number }
  | { readonly type: 'status'; readonly executeIndex: number; readonly requestId: number }
  | {
      readonly type: 'ask';
      readonly executeIndex: number;
      readonly requestId: number;
      readonly request: JobRequest;
    }
  | { readonly type: 'print'; readonly stream: 'stdout' | 'stderr'; readonly text: string }
  /** The program returned; `jobs` is how often it executed. */
  | { readonly type: 'done'; readonly jobs: number }
  /** Answer to listEntries. */
  | { readonly type: 'entries'; readonly entries: readonly ProgramEntry[] }
  | { readonly type: 'failed'; readonly error: SerializedError };

export type ToDriver =
  | { readonly type: 'accepted'; readonly executeIndex: number; readonly jobId: string }
  | { readonly type: 'rejected'; readonly executeIndex: number; readonly error: SerializedError }
  | { readonly type: 'collected'; readonly executeIndex: number; readonly values: readonly unknown[] }
  | { readonly type: 'result'; readonly executeIndex: number; readonly result: JobExecutionResultData }
  | { readonly type: 'job-failed'; readonly executeIndex: number; readonly error: SerializedError }
  | { readonly type: 'status'; readonly requestId: number; readonly status: string }
  | { readonly type: 'answer'; readonly requestId: number; readonly value: unknown }
  | { readonly type: 'refused'; readonly requestId: number; readonly error: SerializedError };
