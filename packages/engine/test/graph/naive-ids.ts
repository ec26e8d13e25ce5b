// The id rule once more, written from its description alone: edges looked up by searching, hashing over number arrays.

import type { OperatorTransformation, Partitioner, Transformation } from '../../src/graph/transformation.ts';
import { createHash } from './plain-murmur.ts';

interface Link {
  readonly from: OperatorTransformation;
  readonly to: OperatorTransformation;
  readonly partitioner: Partitioner['kind'];
}

/** @returns 32 hex digits by transformation id, for every operator that is in the graph */
export function naiveOperatorIds(
  operators: readonly OperatorTransformation[],
  chaining: boolean,
): ReadonlyMap<number, string> {
  const links = operators.flatMap((to) => to.inputs.flatMap((input) => linksTo(to, input, undefined)));
  const nodes = operators.filter((node) => node.inputs.length > 0 || links.some(({ from }) => from === node));
  const ids = new Map<number, number[]>();
  let waiting = nodes.filter((node) => node.inputs.length === 0);
  while (waiting.length > 0) {
    const [node, ...rest] = waiting as [OperatorTransformation, ...OperatorTransformation[]];
    waiting = rest;
    const inputs = links.filter(({ to }) => to === node).map(({ from }) => ids.get(from.id));
    if (node.uid === undefined && inputs.includes(undefined)) continue;
    ids.set(node.id, idOf(node, inputs as number[][], ids.size, chainedLinks(node, links, chaining)));
    for (const { from, to } of links) {
      if (from === node && !ids.has(to.id) && !waiting.includes(to)) waiting.push(to);
    }
  }
  return new Map([...ids].map(([id, bytes]) => [id, bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')]));
}

function linksTo(
  to: OperatorTransformation,
  input: Transformation,
  partitioner: Partitioner['kind'] | undefined,
): Link[] {
  if (input.kind === 'union') return input.inputs.flatMap((one) => linksTo(to, one, partitioner));
  if (input.kind === 'partition') return linksTo(to, input.input, partitioner ?? input.partitioner.kind);
  if (input.kind === 'sideOutput') return linksTo(to, input.input, partitioner);
  const implied = input.parallelism === to.parallelism ? 'forward' : 'rebalance';
  return [{ from: input, to, partitioner: partitioner ?? implied }];
}

function idOf(node: OperatorTransformation, inputs: readonly number[][], done: number, chained: number): number[] {
  if (node.uid !== undefined) return createHash([...new TextEncoder().encode(node.uid)]);
  const number = [done & 255, (done >> 8) & 255, 0, 0];
  const start = createHash(Array.from({ length: chained + 1 }, () => number).flat());
  return inputs.reduce((id, input) => id.map((byte, j) => ((byte * 37) ^ (input[j] as number)) & 255), start);
}

function chainedLinks(node: OperatorTransformation, links: readonly Link[], chaining: boolean): number {
  return links.filter(({ from, to, partitioner }) => {
    const onlyInput = links.filter((other) => other.to === to).length === 1;
    const strategies = from.chaining !== 'NEVER' && to.chaining === 'ALWAYS';
    const sameGroup = groupOf(from, links) === groupOf(to, links);
    const forward = partitioner === 'forward' && from.parallelism === to.parallelism;
    return from === node && chaining && onlyInput && strategies && sameGroup && forward;
  }).length;
}

function groupOf(node: OperatorTransformation, links: readonly Link[]): string {
  if (node.slotSharingGroup !== undefined) return node.slotSharingGroup;
  const groups = links.filter(({ to }) => to === node).map(({ from }) => groupOf(from, links));
  return groups.length > 0 && groups.every((group) => group === groups[0]) ? (groups[0] as string) : 'default';
}
