// Sampled stacks as the tree of a flame graph. Pure.
import type { ResponseOf, vertexEndpoints } from '@yeoul/contract';
import type { StackFrame, TaskSample } from '@yeoul/engine/runtime';

type FlameGraphNode = NonNullable<ResponseOf<typeof vertexEndpoints.getVertexFlameGraph>['data']>;
export type FlameGraphType = 'full' | 'on_cpu' | 'off_cpu';

interface Node {
  readonly name: string;
  value: number;
  readonly children: Map<string, Node>;
}

/** @param maxDepth frames below the root that are shown; deeper ones count for the frame above */
export function toFlameGraph(samples: readonly TaskSample[], type: FlameGraphType, maxDepth: number): FlameGraphNode {
  const root: Node = { name: 'root', value: 0, children: new Map() };
  for (const { activity, frames, count } of samples) {
    if (type !== 'full' && activity !== (type === 'on_cpu' ? 'on-cpu' : 'off-cpu')) continue;
    root.value += count;
    let node = root;
    for (const frame of frames.slice(0, maxDepth)) {
      node = childOf(node, nameOf(frame));
      node.value += count;
    }
  }
  return toPlain(root);
}

function childOf(node: Node, name: string): Node {
  const found = node.children.get(name) ?? { name, value: 0, children: new Map() };
  node.children.set(name, found);
  return found;
}

/** "convert (job.ts:3)" */
function nameOf({ functionName, url, line }: StackFrame): string {
  const name = functionName === '' ? '<anonymous>' : functionName;
  const file = url.split('/').at(-1) ?? '';
  return file === '' ? name : `${name} (${file}:${line})`;
}

function toPlain({ name, value, children }: Node): FlameGraphNode {
  return { name, value, children: [...children.values()].map(toPlain) };
}
