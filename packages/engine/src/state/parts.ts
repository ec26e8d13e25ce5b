// Lists and maps of the disk backend are kept in parts once they are large, so that one element can be read and written
// without the rest. In stores and in state files a part is a row of its own; who wants them whole joins them.
//   W1. Part 0 is the whole value while that is small. Else it is a SplitHead, and parts 1 to head.count have the elements: of
//       a list in order, of a map by the hash of the key (linear hashing, see partOfKey). A part without a row is empty.
//   W2. head.count is exact. head.size may be too large: parts whose elements had all expired are left out of snapshots.
//   W3. In memory a part's namespace is the namespace itself for part 0, else a PartNamespace. In bytes it always ends with
//       the number of the part (uint32).
import { appError } from '../errors.ts';
import type { ByteSink, ByteSource, Serializer } from '../serialization/index.ts';
import { createSerializer } from '../serialization/index.ts';
import { javaHashCode, murmurHash } from './key-groups.ts';
import type { StateSerializers } from './keyed-state-registry.ts';
import { claimKeyObject } from './kinds/object-keys.ts';
import { createCellSerializer, type KeyedStateKind, type StateSchema } from './state-schema.ts';

const HEAD_BYTES = 8;
/** At the end of a row's namespace. */
export const PART_NUMBER_BYTES = 4;
/** First byte of a part. */
const PartTag = { Elements: 0, Head: 1 } as const;

/** Part 0 of a large value. */
export class SplitHead {
  /** Parts besides this one. */
  count: number;
  /** Elements in them. */
  size: number;

  constructor(count: number, size: number) {
    this.count = count;
    this.size = size;
  }
}

/** Where the cell of a part other than part 0 is. */
export class PartNamespace {
  readonly namespace: unknown;
  readonly part: number;

  constructor(namespace: unknown, part: number) {
    this.namespace = namespace;
    this.part = part;
  }
}

export function canHaveParts(kind: KeyedStateKind): boolean {
  return kind === 'list' || kind === 'map';
}

/** Serializers of a state whose rows are parts. */
export function createPartSerializers(schema: StateSchema): StateSerializers {
  const namespaces = schema.namespaceType === undefined ? undefined : createSerializer(schema.namespaceType);
  return {
    serializer: partSerializer(createCellSerializer(schema)),
    namespaceSerializer: partNamespaceSerializer(namespaces),
    hasParts: true,
  };
}

function partSerializer(elements: Serializer): Serializer {
  const write = (out: ByteSink, value: unknown) => {
    out.reserve(1);
    if (value instanceof SplitHead) {
      out.bytes[out.pos++] = PartTag.Head;
      writeHead(out, value);
    } else {
      out.bytes[out.pos++] = PartTag.Elements;
      elements.write(out, value);
    }
  };
  const read = (input: ByteSource) => {
    const tag = input.bytes[input.pos++];
    if (tag === PartTag.Elements) return elements.read(input);
    if (tag === PartTag.Head) return readHead(input);
    throw appError('SERIALIZED_DATA_INVALID', [`a part begins with ${tag}`]);
  };
  return { ...elements, write, read, isImmutable: false };
}

function writeHead(out: ByteSink, head: SplitHead): void {
  out.reserve(HEAD_BYTES);
  out.view.setUint32(out.pos, head.count, true);
  out.view.setUint32(out.pos + 4, head.size, true);
  out.pos += HEAD_BYTES;
}

function readHead(input: ByteSource): SplitHead {
  const head = new SplitHead(input.view.getUint32(input.pos, true), input.view.getUint32(input.pos + 4, true));
  input.pos += HEAD_BYTES;
  return head;
}

function partNamespaceSerializer(namespaces: Serializer | undefined): Serializer {
  return {
    description: namespaces?.description ?? '',
    version: namespaces?.version ?? 1,
    isImmutable: false,
    write: (out, value) => {
      const isPart = value instanceof PartNamespace;
      namespaces?.write(out, isPart ? value.namespace : value);
      out.reserve(PART_NUMBER_BYTES);
      out.view.setUint32(out.pos, isPart ? value.part : 0);
      out.pos += PART_NUMBER_BYTES;
    },
    read: (input) => {
      const namespace = namespaces?.read(input);
      const part = input.view.getUint32(input.pos);
      input.pos += PART_NUMBER_BYTES;
      return part === 0 ? namespace : new PartNamespace(namespace, part);
    },
  };
}

/** The bytes of a row's namespace in a state without namespaces, part 0. */
export const FIRST_PART_BYTES: Uint8Array = new Uint8Array(PART_NUMBER_BYTES);

/**
 * Part of a map's entry. Growing from n to n + 1 parts moves entries of one part only, to the new one.
 * Where entries are is part of the format of state files: the hash must never change.
 * @returns in [1, count]
 */
export function partOfKey(key: unknown, count: number): number {
  const hash = murmurHash(javaHashCode(key));
  const level = largestPowerOfTwo(count);
  const at = hash & (level * 2 - 1);
  return 1 + (at < count ? at : at & (level - 1));
}

/** @returns the part whose entries are shared between it and part `count` when there are `count` parts; count ≥ 2 */
export function siblingOfLast(count: number): number {
  return count - largestPowerOfTwo(count - 1);
}

function largestPowerOfTwo(atMost: number): number {
  return 2 ** (31 - Math.clz32(atMost));
}

/** The whole value; undefined: there is none. @param parts by number; undefined: no row */
export function joinParts(kind: KeyedStateKind, parts: (part: number) => unknown): unknown {
  const head = parts(0);
  if (!(head instanceof SplitHead)) return head;
  return kind === 'list' ? joinLists(head, parts) : joinMaps(head, parts);
}

function joinLists(head: SplitHead, parts: (part: number) => unknown): unknown[] {
  const joined: unknown[] = [];
  for (let part = 1; part <= head.count; part++) {
    for (const item of (parts(part) as unknown[] | undefined) ?? []) joined.push(item);
  }
  return joined;
}

function joinMaps(head: SplitHead, parts: (part: number) => unknown): Map<unknown, unknown> {
  const joined = new Map<unknown, unknown>();
  for (let part = 1; part <= head.count; part++) {
    for (const [key, value] of (parts(part) as Map<unknown, unknown> | undefined) ?? [])
      joined.set(claimKeyObject(joined, key), value);
  }
  return joined;
}
