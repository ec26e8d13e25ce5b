// What a thread was doing over a while: stacks with the number of samples that had them, by V8's sampling profiler.
import type { InspectorConnection } from './inspector-connection.ts';
import type { StackFrame } from './stack-frame.ts';

export interface StackSample {
  /** Outermost frame first; empty: the thread was idle. */
  readonly frames: readonly StackFrame[];
  readonly count: number;
}

export interface SamplingOptions {
  readonly samples: number;
  readonly delayMs: number;
}

const ANSWER_MS = 1000;
/** V8's names for what is no function. */
const ROOT = '(root)';
const IDLE = '(idle)';

export async function startSampling(
  connection: InspectorConnection,
  threadId: number,
  { delayMs }: SamplingOptions,
): Promise<boolean> {
  const ask = (method: string, params: object = {}) => connection.ask(threadId, method, params, ANSWER_MS);
  if ((await ask('Profiler.enable')) === undefined) return false;
  await ask('Profiler.setSamplingInterval', { interval: delayMs * 1000 });
  return (await ask('Profiler.start')) !== undefined;
}

/** Undefined: the thread ended, or does not answer. */
export async function endSampling(
  connection: InspectorConnection,
  threadId: number,
): Promise<readonly StackSample[] | undefined> {
  const answer = await connection.ask(threadId, 'Profiler.stop', {}, ANSWER_MS);
  await connection.ask(threadId, 'Profiler.disable', {}, ANSWER_MS);
  return answer?.result === undefined ? undefined : toStackSamples(answer.result.profile as CpuProfile);
}

export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: {
      readonly functionName: string;
      readonly url: string;
      readonly lineNumber: number;
      readonly columnNumber: number;
    };
    readonly children?: readonly number[];
  }[];
  readonly samples?: readonly number[];
}

export function toStackSamples({ nodes, samples = [] }: CpuProfile): readonly StackSample[] {
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const byId = new Map(nodes.map((node) => [node.id, node] as const));
  const counts = new Map<number, number>();
  for (const id of samples) counts.set(id, (counts.get(id) ?? 0) + 1);
  return [...counts].map(([id, count]) => {
    const frames: StackFrame[] = [];
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const frame = byId.get(at)?.callFrame;
      if (frame !== undefined && frame.functionName !== ROOT && frame.functionName !== IDLE) {
        frames.unshift(toFrame(frame));
      }
    }
    return { frames, count };
  });
}

function toFrame({
  functionName,
  url,
  lineNumber,
  columnNumber,
}: CpuProfile['nodes'][number]['callFrame']): StackFrame {
  return { functionName, url, line: lineNumber + 1, column: columnNumber + 1 };
}
