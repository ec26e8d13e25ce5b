// Keys, namespaces and values as bytes of the store: the bytes of state files, so that rows go from one to the other as they are.
import { ByteReader, ByteWriter, type Serializer } from '../../serialization/index.ts';
import type { BackendTable } from '../core-keyed-backend.ts';
import type { RegisteredState, StateSerializers } from '../keyed-state-registry.ts';
import { checkStoreKeySize, keyOffsetOf } from './cell-store.ts';

/** Every 64th value's size is looked at: enough for an average. */
const SAMPLE_MASK = 63;
/** Weight of a new sample in the moving average. */
const SAMPLE_WEIGHT = 0.1;

export class DiskCellCodec {
  readonly #keys: Serializer;
  readonly #stateOf: (id: number) => RegisteredState<BackendTable>;
  readonly #out = new ByteWriter();
  readonly #keyOut = new ByteWriter();
  readonly #valueOut = new ByteWriter();
  readonly #valueInput = new ByteReader();
  readonly #input = new ByteReader();
  /** Serializers of restored states before the program changed them, until their rows are rewritten. */
  readonly #former = new Map<number, StateSerializers>();
  #samples = 0;
  #averageValueBytes = 16;

  constructor(keys: Serializer, stateOf: (id: number) => RegisteredState<BackendTable>) {
    this.#keys = keys;
    this.#stateOf = stateOf;
  }

  /** Moving average over encoded and decoded values. */
  get averageValueBytes(): number {
    return this.#averageValueBytes;
  }

  /**
   * Key of a row in the store; valid until the next call.
   * @param prefix of state and namespace, see makePrefix
   * @throws STATE_KEY_TOO_LARGE
   */
  storeKey(prefix: Uint8Array, keyGroup: number, key: unknown): Uint8Array {
    const out = this.#beginStoreKey(prefix, keyGroup);
    this.#keys.write(out, key);
    checkStoreKeySize(out.pos);
    return out.written();
  }

  /** The same of a key that is encoded already. */
  storeKeyOfEncoded(prefix: Uint8Array, keyGroup: number, key: Uint8Array): Uint8Array {
    const out = this.#beginStoreKey(prefix, keyGroup);
    out.reserve(key.length);
    out.bytes.set(key, out.pos);
    out.pos += key.length;
    checkStoreKeySize(out.pos);
    return out.written();
  }

  /** The key of a row. */
  decodeKeyOf(storeKey: Uint8Array): unknown {
    const input = this.#input.wrap(storeKey);
    input.pos = keyOffsetOf(storeKey);
    return this.#keys.read(input);
  }

  encodeNamespace(stateId: number, namespace: unknown): Uint8Array {
    return this.#encode(this.#stateOf(stateId).namespaceSerializer!, namespace);
  }

  decodeNamespace(stateId: number, bytes: Uint8Array): unknown {
    return this.#stateOf(stateId).namespaceSerializer!.read(this.#input.wrap(bytes));
  }

  /** Valid until the next call. */
  encodeValue(stateId: number, value: unknown): Uint8Array {
    const out = this.#valueOut;
    out.reset();
    this.#stateOf(stateId).serializer.write(out, value);
    this.#sample(out.pos);
    return out.written();
  }

  decodeValue(stateId: number, bytes: Uint8Array): unknown {
    const input = this.#valueInput;
    // The store hands out the same memory again and again.
    if (bytes === input.bytes) input.pos = 0;
    else input.wrap(bytes);
    const value = this.#stateOf(stateId).serializer.read(input);
    this.#sample(input.pos);
    return value;
  }

  /** Reads a row written before `rememberFormer`'s change. */
  decodeStored(stateId: number, bytes: Uint8Array): unknown {
    const { serializer } = this.#former.get(stateId) ?? this.#stateOf(stateId);
    return serializer.read(this.#input.wrap(bytes));
  }

  /** The namespace as the present serializer writes it. */
  renewNamespace(stateId: number, bytes: Uint8Array): Uint8Array {
    const former = this.#former.get(stateId)?.namespaceSerializer;
    return former === undefined ? bytes : this.encodeNamespace(stateId, former.read(this.#input.wrap(bytes)));
  }

  rememberFormer(stateId: number, serializers: StateSerializers): void {
    this.#former.set(stateId, serializers);
  }

  forgetFormer(stateId: number): void {
    this.#former.delete(stateId);
  }

  #beginStoreKey(prefix: Uint8Array, keyGroup: number): ByteWriter {
    const out = this.#keyOut;
    out.reset();
    out.reserve(prefix.length + 2);
    out.bytes.set(prefix);
    out.bytes[prefix.length] = keyGroup >> 8;
    out.bytes[prefix.length + 1] = keyGroup & 0xff;
    out.pos = prefix.length + 2;
    return out;
  }

  #encode(serializer: Serializer, value: unknown): Uint8Array {
    this.#out.reset();
    serializer.write(this.#out, value);
    return this.#out.toBytes();
  }

  #sample(sizeBytes: number): void {
    if ((this.#samples++ & SAMPLE_MASK) === 0)
      this.#averageValueBytes += (sizeBytes - this.#averageValueBytes) * SAMPLE_WEIGHT;
  }
}
