// What a state's cells look like in state files: from its descriptor when the program asks for it, from the file when it is
// restored; and whether one can be read as the other.
import type { StateDescriptor } from '../api/state.ts';
import { type TypeInformation, Types } from '../api/type-information.ts';
import { appError } from '../errors.ts';
import {
  createSerializer,
  describeType,
  parseTypeDescription,
  SERIALIZER_VERSION,
  type Serializer,
} from '../serialization/index.ts';
import type { StateDescription } from './keyed-state-backend.ts';

export type KeyedStateKind = 'value' | 'list' | 'map' | 'reducing' | 'aggregating' | 'timers';

export interface StateSchema {
  readonly name: string;
  readonly kind: KeyedStateKind;
  /** Type of a cell without time stamps: the value, list<element> or map<key, value>. */
  readonly type: TypeInformation;
  /** Undefined: not namespaced. */
  readonly namespaceType: TypeInformation | undefined;
  /** Cells carry time stamps. */
  readonly ttlMs: number | undefined;
}

const GENERIC: TypeInformation = Types.generic();

export function schemaOfDescriptor(
  descriptor: StateDescriptor,
  namespaceType: TypeInformation | undefined,
): StateSchema {
  const ttl = descriptor.ttl;
  return {
    name: descriptor.name,
    kind: descriptor.kind,
    type: cellTypeOf(descriptor),
    namespaceType,
    ttlMs: ttl === undefined || ttl.updateType === 'Disabled' ? undefined : ttl.ttlMs,
  };
}

function cellTypeOf(descriptor: StateDescriptor): TypeInformation {
  switch (descriptor.kind) {
    case 'list':
      return Types.list(descriptor.elementType ?? GENERIC);
    case 'map':
      return Types.map(descriptor.keyType ?? GENERIC, descriptor.valueType ?? GENERIC);
    case 'aggregating':
      return descriptor.accumulatorType ?? GENERIC;
    default:
      return descriptor.type ?? GENERIC;
  }
}

/** Timers are rows of key, namespace and timestamp. */
export function timerSchema(name: string, namespaceType: TypeInformation | undefined): StateSchema {
  return { name, kind: 'timers', type: Types.double, namespaceType: namespaceType ?? GENERIC, ttlMs: undefined };
}

export function describeSchema(schema: StateSchema): StateDescription {
  return {
    name: schema.name,
    kind: schema.kind,
    serializer: describeType(schema.type),
    serializerVersion: SERIALIZER_VERSION,
    ...(schema.namespaceType === undefined ? {} : { namespaceSerializer: describeType(schema.namespaceType) }),
    ...(schema.ttlMs === undefined ? {} : { ttlMs: schema.ttlMs }),
  };
}

export function schemaOfDescription(description: StateDescription): StateSchema {
  const namespace = description.namespaceSerializer;
  return {
    name: description.name,
    kind: description.kind as KeyedStateKind,
    type: parseTypeDescription(description.serializer),
    namespaceType: namespace === undefined ? undefined : parseTypeDescription(namespace),
    ttlMs: description.ttlMs,
  };
}

/** Serializer of a cell as it is stored, time stamps included. */
export function createCellSerializer(schema: StateSchema): Serializer {
  return createSerializer(schema.ttlMs === undefined ? schema.type : timestampedType(schema));
}

function timestampedType({ kind, type }: StateSchema): TypeInformation {
  if (kind === 'list' && type.kind === 'list') return Types.list(timestamped(type.element));
  if (kind === 'map' && type.kind === 'map') return Types.map(type.key, timestamped(type.value));
  return timestamped(type);
}

function timestamped(type: TypeInformation): TypeInformation {
  return Types.row({ t: Types.double, v: type });
}

/**
 * Checks that cells of a restored state can be used by the program's descriptor.
 * @throws STATE_KIND_CHANGED, STATE_TYPE_CHANGED, STATE_NAMESPACE_CHANGED
 */
export function checkCompatible(restored: StateSchema, wanted: StateSchema): void {
  if (restored.kind !== wanted.kind) throw appError('STATE_KIND_CHANGED', [wanted.name, restored.kind, wanted.kind]);
  if (!isReadableAs(restored.type, wanted.type)) {
    throw appError('STATE_TYPE_CHANGED', [wanted.name, describeType(restored.type), describeType(wanted.type)]);
  }
  const from = restored.namespaceType;
  const to = wanted.namespaceType;
  if (
    (from === undefined) !== (to === undefined) ||
    (from !== undefined && to !== undefined && !isReadableAs(from, to))
  ) {
    const text = (type: TypeInformation | undefined) => (type === undefined ? 'none' : describeType(type));
    throw appError('STATE_NAMESPACE_CHANGED', [wanted.name, text(from), text(to)]);
  }
}

/**
 * True when every value of type `from` is a value of type `to`: the same type, anything to or from generic, a wider number,
 * a row that lost fields or got optional ones.
 */
export function isReadableAs(from: TypeInformation, to: TypeInformation): boolean {
  if (to.kind === 'generic' || from.kind === 'generic') return true;
  if (to.kind === 'optional') return isReadableAs(from.kind === 'optional' ? from.inner : from, to.inner);
  if (from.kind === 'row' && to.kind === 'row') return isRowReadableAs(from, to);
  if (from.kind === 'tuple' && to.kind === 'tuple') {
    return (
      from.elements.length === to.elements.length &&
      from.elements.every((type, i) => isReadableAs(type, to.elements[i]!))
    );
  }
  if (from.kind === 'list' && to.kind === 'list') return isReadableAs(from.element, to.element);
  if (from.kind === 'map' && to.kind === 'map')
    return isReadableAs(from.key, to.key) && isReadableAs(from.value, to.value);
  if (to.kind === 'double' || to.kind === 'long')
    return from.kind === to.kind || from.kind === 'int' || (to.kind === 'double' && from.kind === 'long');
  return from.kind === to.kind;
}

type RowType = Extract<TypeInformation, { kind: 'row' }>;

function isRowReadableAs(from: RowType, to: RowType): boolean {
  return to.fields.every((field) => {
    const before = from.fields.find((candidate) => candidate.name === field.name);
    return before === undefined ? field.type.kind === 'optional' : isReadableAs(before.type, field.type);
  });
}
