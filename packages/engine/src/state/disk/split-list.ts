// The elements of a list state on disk: one array while there are few, else parts (see parts.ts W1), all but the last of them
// full: adding writes the last one alone.
import type { Cells } from '../cells.ts';
import type { ListCells } from '../kinds/list-cells.ts';
import { joinParts, PartNamespace, SplitHead } from '../parts.ts';

/** More elements are split into parts of so many. */
export const PART_ITEMS = 128;

export class SplitList implements ListCells {
  readonly #heads: Cells;
  readonly #parts: Cells;
  readonly #isWhole: () => boolean;
  #namespace: unknown = undefined;

  /**
   * @param openCells gives cells of the state that take PartNamespaces as namespaces
   * @param isWhole true: the list is never split
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

  read(): readonly unknown[] | undefined {
    const head = this.#heads.read();
    if (!(head instanceof SplitHead)) return head as unknown[] | undefined;
    return joinParts('list', (part) => (part === 0 ? head : this.#readPart(part))) as unknown[];
  }

  add(item: unknown): void {
    const head = this.#heads.read() as SplitHead | unknown[] | undefined;
    if (head === undefined) return this.#heads.write([item]);
    if (head instanceof SplitHead) return this.#addToLast(head, item);
    if (head.length >= PART_ITEMS && !this.#isWhole()) return this.#addToLast(this.#split(head), item);
    head.push(item);
    this.#heads.write(head);
  }

  replace(items: unknown[]): void {
    this.#clearParts();
    if (items.length === 0) this.#heads.remove();
    else this.restore(items);
  }

  clear(): void {
    this.#clearParts();
    this.#heads.remove();
  }

  merge(target: unknown, sources: readonly unknown[]): void {
    const moved: unknown[] = [];
    for (const source of sources) {
      this.setCurrentNamespace(source);
      const items = this.read();
      if (items === undefined) continue;
      for (const item of items) moved.push(item);
      this.clear();
    }
    this.setCurrentNamespace(target);
    for (const item of moved) this.add(item);
  }

  /** Puts a list that was kept whole. */
  restore(items: unknown[]): void {
    if (items.length > PART_ITEMS && !this.#isWhole()) this.#split(items);
    else this.#heads.write(items);
  }

  /** Puts the parts together for good. */
  join(): void {
    this.replace([...(this.read() ?? [])]);
  }

  #addToLast(head: SplitHead, item: unknown): void {
    let items = this.#readPart(head.count) ?? [];
    if (items.length >= PART_ITEMS) {
      head.count++;
      items = [];
    }
    items.push(item);
    head.size++;
    this.#writePart(head.count, items);
    this.#heads.write(head);
  }

  #split(items: readonly unknown[]): SplitHead {
    const head = new SplitHead(Math.ceil(items.length / PART_ITEMS), items.length);
    for (let part = 1; part <= head.count; part++)
      this.#writePart(part, items.slice((part - 1) * PART_ITEMS, part * PART_ITEMS));
    this.#heads.write(head);
    return head;
  }

  #clearParts(): void {
    const head = this.#heads.read();
    if (head instanceof SplitHead) for (let part = 1; part <= head.count; part++) this.#writePart(part, undefined);
  }

  #readPart(part: number): unknown[] | undefined {
    this.#parts.setCurrentNamespace(new PartNamespace(this.#namespace, part));
    return this.#parts.read() as unknown[] | undefined;
  }

  #writePart(part: number, items: unknown[] | undefined): void {
    this.#parts.setCurrentNamespace(new PartNamespace(this.#namespace, part));
    if (items === undefined) this.#parts.remove();
    else this.#parts.write(items);
  }
}
