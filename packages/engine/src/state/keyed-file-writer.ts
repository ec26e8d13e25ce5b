// Rows of keyed state into one state file.
import { type OpenBlock, StateFileBuilder } from '../checkpoint/state-file-builder.ts';
import type { StateFileWriter } from '../checkpoint/state-file-factory.ts';
import { RowOperation, type StateFileMeta } from '../checkpoint/state-file-format.ts';
import type { StateFileHandle } from '../checkpoint/state-handles.ts';
import type { Serializer } from '../serialization/index.ts';
import type { KeyGroupRange } from './keyed-state-backend.ts';

/** Serializers of one state, as they were when the snapshot began. */
export interface RowCodec {
  readonly serializer: Serializer;
  readonly namespaceSerializer: Serializer | undefined;
}

export class KeyedFileWriter {
  readonly #builder: StateFileBuilder;
  readonly #firstGroup: number;
  readonly #groupCount: number;
  readonly #keySerializer: Serializer;
  readonly #codecs: readonly RowCodec[];
  /** Open blocks by [(layer * 2 + operation) * states + state] * groups + group. */
  readonly #blocks: (OpenBlock | undefined)[] = [];

  constructor(
    openFile: () => StateFileWriter,
    keyGroups: KeyGroupRange,
    keySerializer: Serializer,
    codecs: readonly RowCodec[],
  ) {
    this.#builder = new StateFileBuilder(openFile);
    this.#firstGroup = keyGroups.start;
    this.#groupCount = keyGroups.end - keyGroups.start + 1;
    this.#keySerializer = keySerializer;
    this.#codecs = codecs;
  }

  put(stateId: number, keyGroup: number, layer: number, key: unknown, namespace: unknown, value: unknown): void {
    const block = this.#blockOf(stateId, keyGroup, RowOperation.Put, layer);
    const codec = this.#codecs[stateId]!;
    const rows = block.rows;
    const start = rows.pos;
    try {
      this.#keySerializer.write(rows, key);
      if (codec.namespaceSerializer !== undefined) codec.namespaceSerializer.write(rows, namespace);
      codec.serializer.write(rows, value);
    } catch (error) {
      rows.pos = start;
      throw error;
    }
    this.#builder.endRow(block);
  }

  /** A row whose bytes are at hand: key, namespace and, for a put, value. */
  append(
    stateId: number,
    keyGroup: number,
    layer: number,
    operation: RowOperation,
    parts: readonly Uint8Array[],
  ): void {
    const block = this.#blockOf(stateId, keyGroup, operation, layer);
    const rows = block.rows;
    for (const part of parts) {
      rows.reserve(part.length);
      rows.bytes.set(part, rows.pos);
      rows.pos += part.length;
    }
    this.#builder.endRow(block);
  }

  remove(stateId: number, keyGroup: number, layer: number, key: unknown, namespace: unknown): void {
    const block = this.#blockOf(stateId, keyGroup, RowOperation.Remove, layer);
    this.#keySerializer.write(block.rows, key);
    this.#codecs[stateId]!.namespaceSerializer?.write(block.rows, namespace);
    this.#builder.endRow(block);
  }

  finish(meta: StateFileMeta): Promise<StateFileHandle> {
    this.closeBlocks();
    return this.#builder.finish(meta);
  }

  closeBlocks(): void {
    for (const block of this.#blocks) if (block !== undefined) this.#builder.closeBlock(block);
  }

  abort(): Promise<void> {
    return this.#builder.abort();
  }

  #blockOf(stateId: number, keyGroup: number, operation: RowOperation, layer: number): OpenBlock {
    const kind = (layer * 2 + operation) * this.#codecs.length + stateId;
    const at = kind * this.#groupCount + keyGroup - this.#firstGroup;
    const block = at < this.#blocks.length ? this.#blocks[at] : undefined;
    return block ?? this.#openBlock(at, stateId, keyGroup, operation, layer);
  }

  #openBlock(at: number, stateId: number, keyGroup: number, operation: RowOperation, layer: number): OpenBlock {
    const block = this.#builder.createBlock(keyGroup, stateId, operation, layer);
    while (this.#blocks.length < at) this.#blocks.push(undefined);
    this.#blocks[at] = block;
    return block;
  }
}
