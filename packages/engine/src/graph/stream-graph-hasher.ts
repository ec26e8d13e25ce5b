// Operator ids, equal to Flink's for the same topology (source of the rule: Apache Flink, StreamGraphHasherV2).
//   H1. Nodes are taken breadth-first from the sources in id order; one whose inputs have no id yet is taken again later.
//   H2. Without uid: hash the number of nodes done so far, once for the node and once per chained out edge; then for each
//       in edge, in order, id[j] = byte(id[j] * 37 ^ input[j]).
//   H3. With uid: hash its UTF-8 bytes; inputs do not matter.
//   H4. A uid hash changes no id: it is a second name under which saved state is looked up (as in Flink).
import { appError } from '../errors.ts';
import { isChainable } from './chaining.ts';
import { toHex } from './hex.ts';
import { murmur3x64x128 } from './murmur3.ts';
import type { StreamGraph, StreamNode } from './stream-graph.ts';

/** @returns id of each node as 16 bytes, by node id */
export function hashStreamGraph(graph: StreamGraph): ReadonlyMap<number, Uint8Array> {
  const hashes = new Map<number, Uint8Array>();
  const uids = new Map<string, StreamNode>();
  const queue: StreamNode[] = [...graph.sources];
  const queued = new Set(queue);
  for (let node = queue.shift(); node !== undefined; node = queue.shift()) {
    const hash = hashNode(node, hashes, graph, uids);
    if (hash === undefined) {
      queued.delete(node);
      continue;
    }
    hashes.set(node.id, hash);
    for (const { target } of node.outEdges) {
      if (queued.has(target)) continue;
      queued.add(target);
      queue.push(target);
    }
  }
  return hashes;
}

function hashNode(
  node: StreamNode,
  hashes: ReadonlyMap<number, Uint8Array>,
  graph: StreamGraph,
  uids: Map<string, StreamNode>,
): Uint8Array | undefined {
  const { uid } = node.transformation;
  if (uid !== undefined) {
    const holder = uids.get(uid);
    if (holder !== undefined) throw appError('DUPLICATE_UID', [uid, holder.name, node.name]);
    uids.set(uid, node);
    return murmur3x64x128(new TextEncoder().encode(uid));
  }
  const inputs = node.inEdges.map((edge) => hashes.get(edge.source.id));
  if (!inputs.every((input) => input !== undefined)) return undefined;
  const chained = node.outEdges.filter((edge) => isChainable(edge, graph)).length;
  return combine(hashNumber(hashes.size, 1 + chained), inputs);
}

/** Hash of a little-endian int32 written `times` times. */
function hashNumber(value: number, times: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * times));
  for (let i = 0; i < times; i++) view.setInt32(4 * i, value, true);
  return murmur3x64x128(new Uint8Array(view.buffer));
}

function combine(hash: Uint8Array, inputs: readonly Uint8Array[]): Uint8Array {
  // Bytes are unsigned here and signed in Flink; the low eight bits of product and xor are the same.
  for (const input of inputs) {
    for (let j = 0; j < hash.length; j++) hash[j] = ((hash[j] ?? 0) * 37) ^ (input[j] ?? 0);
  }
  return hash;
}

/** Ids as 32 lower-case hex digits, by node id. @throws DUPLICATE_UID_HASH when two operators would share state (H4) */
export function operatorIds(graph: StreamGraph): ReadonlyMap<number, string> {
  const hashes = hashStreamGraph(graph);
  const owners = new Map<string, StreamNode>();
  const claim = (id: string, node: StreamNode): string => {
    const owner = owners.get(id);
    if (owner !== undefined && owner !== node) throw appError('DUPLICATE_UID_HASH', [owner.name, node.name, id]);
    owners.set(id, node);
    return id;
  };
  const ids = new Map(graph.nodes.map((node) => [node.id, claim(toHex(hashes.get(node.id) as Uint8Array), node)]));
  for (const node of graph.nodes) {
    if (node.transformation.uidHash !== undefined) claim(node.transformation.uidHash, node);
  }
  return ids;
}
