// Runs programs that are functions of this process, for TestCluster: each execute() becomes a job of the cluster.
import type { JobExecutionResultData, JobGraph, JobRequest, ProgramDescriptor } from '@yeoul/engine/runtime';
import { type DriverEvents, describeJobGraph, type ProgramDriver, runEntry, ValueQueue } from '@yeoul/engine/runtime';
import { registeredProgram } from './program-registry.ts';

export class InProcessDriver implements ProgramDriver {
  async run(program: ProgramDescriptor, events: DriverEvents, signal: AbortSignal): Promise<void> {
    const run = new ProgramRun(events);
    const { defaults, parallelism, args, bundlePath } = program;
    const context = { defaults, parallelism, ...run.context() };
    const over = new AbortController();
    try {
      await Promise.race([runEntry(registeredProgram(bundlePath), args, context), aborted(signal, over.signal)]);
    } finally {
      over.abort();
    }
  }
}

class ProgramRun {
  readonly #events: DriverEvents;
  #executions = 0;

  constructor(events: DriverEvents) {
    this.#events = events;
  }

  context() {
    return {
      execute: (graph: JobGraph) => this.#start(graph).result,
      submit: async (graph: JobGraph) => this.#submitted(this.#start(graph)),
      collect: async (graph: JobGraph) => {
        const started = this.#start(graph);
        return { job: await this.#submitted(started), values: started.values };
      },
    };
  }

  #start(graph: JobGraph) {
    const values = new ValueQueue();
    let accept: (jobId: string) => void = () => undefined;
    const accepted = new Promise<string>((resolve) => (accept = resolve));
    const result = this.#events.onExecute(describeJobGraph(graph), this.#executions++, {
      onAccepted: accept,
      onCollected: (collected) => values.push(collected),
    });
    result.then(
      () => values.end(),
      (error: Error) => values.fail(error),
    );
    return { accepted, result, values };
  }

  async #submitted(started: { accepted: Promise<string>; result: Promise<JobExecutionResultData> }) {
    const jobId = await Promise.race([started.accepted, started.result.then((result) => result.jobId)]);
    return {
      jobId,
      result: started.result,
      cancel: async () => this.#events.cancel?.(jobId),
      status: async () => this.#events.status?.(jobId) ?? 'CREATED',
      ask: async (request: JobRequest) => this.#events.ask?.(jobId, request),
    };
  }
}

/** @param over when nobody waits any more */
function aborted(signal: AbortSignal, over: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true, signal: over });
  });
}
