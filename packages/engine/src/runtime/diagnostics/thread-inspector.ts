// What the threads of this process are doing: their stacks now, and samples over a while.
//   T1. One look at a time; who asks meanwhile for the same gets the same. Its length is bounded by its options.
import { pathToFileURL } from 'node:url';
import type { LocalCluster, SlotThread } from '../coordinator/local-cluster.ts';
import { CallSites } from '../program/call-sites.ts';
import { endSampling, type SamplingOptions, type StackSample, startSampling } from './cpu-samples.ts';
import { InspectorConnection } from './inspector-connection.ts';
import { formatFrame, type StackFrame } from './stack-frame.ts';
import { samplesOfTask, type TaskSample } from './task-samples.ts';
import { readThreadStack, type ThreadStack } from './thread-stack.ts';

export interface ThreadView {
  readonly name: string;
  /** Undefined: the thread belongs to the coordinator. */
  readonly slotIndex: number | undefined;
  /** As Java prints it: name, id and state, then the stack. */
  readonly text: string;
}

/** Samples by task, with what could not be asked. */
export interface JobSamples {
  readonly endedAtMs: number;
  /** By vertex id and subtask index. */
  taskSamples(vertexId: string, subtaskIndex: number): readonly TaskSample[];
}

export interface ThreadInspectorOptions {
  readonly cluster: Pick<LocalCluster, 'slotThreads'>;
  readonly nowMs: () => number;
}

export class ThreadInspector {
  readonly #options: ThreadInspectorOptions;
  #dumping: Promise<readonly ThreadView[]> | undefined;
  #looking: Promise<unknown> = Promise.resolve();

  constructor(options: ThreadInspectorOptions) {
    this.#options = options;
  }

  /** T1. All threads: the main one, those of slots, and those that run programs. */
  dump(): Promise<readonly ThreadView[]> {
    // Before anything is awaited: where the main thread stands.
    const stack = (new Error().stack ?? '').split('\n').slice(2);
    this.#dumping ??= this.#oneByOne(() => this.#dump(stack)).finally(() => {
      this.#dumping = undefined;
    });
    return this.#dumping;
  }

  /** T1. Takes samples × delayMs. Tasks of slots that do not answer have no samples. */
  sampleJob(jobId: string, options: SamplingOptions): Promise<JobSamples> {
    return this.#oneByOne(() => this.#sampleJob(jobId, options));
  }

  #oneByOne<R>(look: () => Promise<R>): Promise<R> {
    const result = this.#looking.then(look);
    this.#looking = result.catch(() => undefined);
    return result;
  }

  async #dump(mainStack: readonly string[]): Promise<readonly ThreadView[]> {
    const main: ThreadView = {
      name: 'main',
      slotIndex: undefined,
      text: toText(
        'main',
        0,
        'RUNNABLE',
        mainStack.map((line) => `\t${line.trim()}`),
      ),
    };
    const connection = await InspectorConnection.open();
    if (connection === undefined) return [main];
    try {
      const slots = new Map(this.#options.cluster.slotThreads().map((thread) => [thread.threadId, thread] as const));
      const threads = connection.threadIds.toSorted((a, b) => a - b);
      const stacks = await Promise.all(threads.map((threadId) => readThreadStack(connection, threadId)));
      return [main, ...threads.map((threadId, i) => toView(threadId, slots.get(threadId), stacks[i] as ThreadStack))];
    } finally {
      connection.close();
    }
  }

  async #sampleJob(jobId: string, options: SamplingOptions): Promise<JobSamples> {
    const threads = this.#options.cluster.slotThreads().filter((thread) => thread.jobId === jobId);
    const samples = new Map<SlotThread, readonly StackSample[]>();
    const connection = threads.length === 0 ? undefined : await InspectorConnection.open();
    if (connection !== undefined) {
      try {
        const started = await Promise.all(threads.map(({ threadId }) => startSampling(connection, threadId, options)));
        await new Promise((resolve) => setTimeout(resolve, options.samples * options.delayMs));
        const asked = threads.filter((_, i) => started[i]);
        const ended = await Promise.all(asked.map(({ threadId }) => endSampling(connection, threadId)));
        for (const [i, thread] of asked.entries()) samples.set(thread, inSource(ended[i] ?? [], thread));
      } finally {
        connection.close();
      }
    }
    return {
      endedAtMs: this.#options.nowMs(),
      taskSamples: (vertexId, subtaskIndex) => {
        const isHere = (task: { vertexId: string; subtaskIndex: number }) =>
          task.vertexId === vertexId && task.subtaskIndex === subtaskIndex;
        const thread = threads.find(({ tasks }) => tasks.some(isHere));
        const found = thread === undefined ? undefined : samples.get(thread);
        return found === undefined ? [] : samplesOfTask(found, { vertexId, subtaskIndex });
      },
    };
  }
}

function toView(threadId: number, slot: SlotThread | undefined, stack: ThreadStack): ThreadView {
  const name = slot === undefined ? `worker-${threadId}` : nameOf(slot);
  const slotIndex = slot?.slotIndex;
  switch (stack.state) {
    case 'waiting':
      return { name, slotIndex, text: toText(name, threadId, 'TIMED_WAITING', []) };
    case 'silent':
      return {
        name,
        slotIndex,
        text: toText(name, threadId, 'RUNNABLE', [
          `\t(no answer within ${stack.waitedMs} ms: the thread is in native code, such as a synchronous call of the file system, or gets no time)`,
        ]),
      };
    case 'running': {
      const [sample] = inSource([{ frames: stack.frames, count: 1 }], slot);
      return { name, slotIndex, text: toText(name, threadId, 'RUNNABLE', (sample?.frames ?? []).map(formatFrame)) };
    }
  }
}

function toText(name: string, id: number, state: string, lines: readonly string[]): string {
  return `${[`"${name}" Id=${id} ${state}`, ...lines].join('\n')}\n\n`;
}

/** "slot 0 of State machine job: Source: Events (1/2), Map (1/2)" */
function nameOf({ slotIndex, jobName, tasks }: SlotThread): string {
  return `slot ${slotIndex} of ${jobName}: ${tasks.map(({ taskName }) => taskName).join(', ')}`;
}

/** Frames of the program as they are in its source. */
function inSource(
  samples: readonly StackSample[],
  slot: Pick<SlotThread, 'bundlePath'> | undefined,
): readonly StackSample[] {
  if (slot === undefined) return samples;
  const { bundlePath } = slot;
  const names = new Set([bundlePath, pathToFileURL(bundlePath).href]);
  const callSites = new CallSites(bundlePath);
  const known = new Map<string, StackFrame>();
  const translate = (frame: StackFrame): StackFrame => {
    if (!names.has(frame.url)) return frame;
    const key = `${frame.functionName} ${frame.line}:${frame.column}`;
    const found = known.get(key) ?? callSites.frameInSource(frame);
    known.set(key, found);
    return found;
  };
  return samples.map(({ frames, count }) => ({ count, frames: frames.map(translate) }));
}
