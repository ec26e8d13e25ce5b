// The entries of a map state on disk: one Map while there are few, else parts (see parts.ts W1) of about TARGET_ENTRIES, so
// that an access decodes and writes one part, however large the map is.
import type { Cells } from '../cells.ts';
import type { MapCells, StoredMap } from '../kinds/map-cells.ts';
import { claimKeyObject, deleteByKey } from '../kinds/object-keys.ts';
import { joinParts, PartNamespace, partOfKey, SplitHead, siblingOfLast } from '../parts.ts';

/** More entries are split into parts. */
export const MAX_WHOLE_ENTRIES = 128;
/** Entries of a part on average, at most: a part takes about as long to decode as the store to find it. */
const TARGET_ENTRIES = 64;
/** A map that shrank below this share of its target gives parts back. */
const MIN_FILL = 1 / 8;

export class SplitMap implements MapCells {
  readonly #heads: Cells;
  readonly #parts: Cells;
  readonly #isWhole: () => boolean;
  #namespace: unknown = undefined;
  /** Of the last find or claim: part 0 if the map is split. */
  #head: SplitHead | undefined;
  #part = 0;
  #sizeBefore = 0;

  /**
   * @param openCells gives cells of the state that take PartNamespaces as namespaces
   * @param isWhole true: the map is never split
   */
  constructor(openCells: () => Cells, isWhole: () => boolean) {
    this.#isWhole = isWhole;
    this.#heads = openCells();
    this.#parts = openCells();
  }

  setCurrentNamespace(namespace: unknown): void {
    this.#namespace = namespace;
    this.#heads.setCurrentNamespace(namespace);
  }

  find(key: unknown): StoredMap | undefined {
    const head = this.#heads.read();
    return head instanceof SplitHead ? this.#findPart(head, key) : this.#takeWhole(head);
  }

  claim(key: unknown): StoredMap {
    const head = this.#heads.read() as SplitHead | StoredMap | undefined;
    if (head instanceof SplitHead) return this.#findPart(head, key) ?? new Map();
    if (head === undefined || head.size < MAX_WHOLE_ENTRIES || this.#isWhole())
      return this.#takeWhole(head) ?? new Map();
    return this.#findPart(this.#split(head), key) ?? new Map();
  }

  write(map: StoredMap): void {
    const head = this.#head;
    if (head === undefined) return put(this.#heads, map);
    this.#writePart(this.#part, map);
    if (map.size === this.#sizeBefore) return;
    head.size += map.size - this.#sizeBefore;
    this.#sizeBefore = map.size;
    if (head.size <= 0) return this.clear();
    if (head.size > head.count * TARGET_ENTRIES) this.#grow(head);
    else if (head.count > 1 && head.size < head.count * TARGET_ENTRIES * MIN_FILL) this.#shrink(head);
    this.#heads.write(head);
  }

  *all(): Iterable<StoredMap> {
    const head = this.#heads.read() as SplitHead | StoredMap | undefined;
    if (!(head instanceof SplitHead)) {
      if (head !== undefined) yield head;
      return;
    }
    for (let part = 1; part <= head.count; part++) {
      const map = this.#readPart(part);
      if (map !== undefined) yield map;
    }
  }

  clear(): void {
    const head = this.#heads.read();
    if (head instanceof SplitHead) for (let part = 1; part <= head.count; part++) this.#writePart(part, undefined);
    this.#heads.remove();
  }

  /** Puts a map that was kept whole. */
  restore(map: StoredMap): void {
    if (map.size > MAX_WHOLE_ENTRIES && !this.#isWhole()) this.#split(map);
    else this.#heads.write(map);
  }

  /** Puts the parts together for good. */
  join(): void {
    const head = this.#heads.read();
    const whole = joinParts('map', (part) => (part === 0 ? head : this.#readPart(part)));
    this.clear();
    put(this.#heads, whole as StoredMap);
  }

  #takeWhole(map: unknown): StoredMap | undefined {
    this.#head = undefined;
    return map as StoredMap | undefined;
  }

  #findPart(head: SplitHead, key: unknown): StoredMap | undefined {
    this.#head = head;
    this.#part = partOfKey(key, head.count);
    const map = this.#readPart(this.#part);
    this.#sizeBefore = map?.size ?? 0;
    return map;
  }

  #readPart(part: number): StoredMap | undefined {
    this.#parts.setCurrentNamespace(new PartNamespace(this.#namespace, part));
    return this.#parts.read() as StoredMap | undefined;
  }

  #writePart(part: number, map: StoredMap | undefined): void {
    this.#parts.setCurrentNamespace(new PartNamespace(this.#namespace, part));
    put(this.#parts, map);
  }

  #split(map: StoredMap): SplitHead {
    const head = new SplitHead(Math.ceil(map.size / TARGET_ENTRIES), map.size);
    const parts = Array.from({ length: head.count }, (): StoredMap => new Map());
    for (const [key, value] of map) parts[partOfKey(key, head.count) - 1]!.set(key, value);
    for (const [i, part] of parts.entries()) if (part.size > 0) this.#writePart(i + 1, part);
    this.#heads.write(head);
    return head;
  }

  #grow(head: SplitHead): void {
    head.count++;
    const sibling = siblingOfLast(head.count);
    const from = this.#readPart(sibling);
    if (from === undefined) return;
    const moved: StoredMap = new Map();
    for (const [key, value] of from) if (partOfKey(key, head.count) === head.count) moved.set(key, value);
    if (moved.size === 0) return;
    for (const key of moved.keys()) deleteByKey(from, key);
    this.#writePart(sibling, from);
    this.#writePart(head.count, moved);
  }

  #shrink(head: SplitHead): void {
    const last = this.#readPart(head.count);
    if (last !== undefined) {
      const sibling = siblingOfLast(head.count);
      const into = this.#readPart(sibling) ?? new Map();
      for (const [key, value] of last) into.set(claimKeyObject(into, key), value);
      this.#writePart(sibling, into);
      this.#writePart(head.count, undefined);
    }
    head.count--;
  }
}

function put(cells: Cells, map: StoredMap | undefined): void {
  if (map === undefined || map.size === 0) cells.remove();
  else cells.write(map);
}
