// Serializers: generated code per type, one pair of functions per instance, so that every call site stays monomorphic.
// The format is self-contained: a value can be read on its own, by another process, from its description alone.
import type { TypeInformation } from '../api/type-information.ts';
import type { ByteSource } from './byte-reader.ts';
import { ByteReader } from './byte-reader.ts';
import type { ByteSink } from './byte-writer.ts';
import { ByteWriter } from './byte-writer.ts';
import { codecRuntime } from './codec-runtime.ts';
import { type CodecDialect, CodecSource, VALUE_PATH } from './codec-source.ts';
import { describeType } from './type-description.ts';

/** Version of the byte format; recorded beside the description in snapshots. */
export const SERIALIZER_VERSION = 1;

export interface Serializer<T = unknown> {
  /** Appends the value at out.pos. Throws VALUE_TYPE_MISMATCH with the field when it does not fit the type. */
  readonly write: (out: ByteSink, value: T) => void;
  /** Reads one value at input.pos and moves behind it. */
  readonly read: (input: ByteSource) => T;
  /** The type as text: canonical JSON, equal for equal types. */
  readonly description: string;
  readonly version: number;
  /** True when values cannot change in place, so a copy is never needed. */
  readonly isImmutable: boolean;
}

const GENERIC: TypeInformation = { kind: 'generic' };
const IMMUTABLE_KINDS: ReadonlySet<TypeInformation['kind']> = new Set([
  'int',
  'long',
  'double',
  'boolean',
  'string',
  'bigint',
]);

const stateDialect: CodecDialect = {
  writeString: (expression) => `rt.writeString(out, ${expression});`,
  readString: () => 'rt.readString(input)',
  writeGeneric: (expression) => `rt.writeGeneric(out, ${expression});`,
  readGeneric: () => 'rt.readGeneric(input)',
};

/**
 * @param type undefined: the generic type, whatever structured clone knows
 * @returns a new instance each time; keep it, generating costs about 0.1 ms
 */
export function createSerializer<T = unknown>(type: TypeInformation<T> | undefined): Serializer<T> {
  const resolved: TypeInformation = type ?? GENERIC;
  const source = new CodecSource(stateDialect);
  const writeBody = source.write(resolved, 'value', VALUE_PATH);
  const read = source.read(resolved);
  const factory = new Function(
    'rt',
    `"use strict";
return {
write(out, value) { let p = 0, view = out.view;\n${writeBody}\n},
read(input) { let p = 0, view = input.view;\n${read.statements}\nreturn ${read.expression};\n},
};`,
  ) as (runtime: typeof codecRuntime) => Pick<Serializer<T>, 'write' | 'read'>;
  const { write, read: readValue } = factory(codecRuntime);
  return {
    write,
    read: readValue,
    description: describeType(resolved),
    version: SERIALIZER_VERSION,
    isImmutable: isImmutableType(resolved),
  };
}

function isImmutableType(type: TypeInformation): boolean {
  return type.kind === 'optional' ? isImmutableType(type.inner) : IMMUTABLE_KINDS.has(type.kind);
}

/** The value's bytes, on their own. */
export function serializeToBytes<T>(serializer: Serializer<T>, value: T): Uint8Array {
  const out = new ByteWriter();
  serializer.write(out, value);
  return out.toBytes();
}

export function deserializeFromBytes<T>(serializer: Serializer<T>, bytes: Uint8Array): T {
  return serializer.read(new ByteReader(bytes));
}
