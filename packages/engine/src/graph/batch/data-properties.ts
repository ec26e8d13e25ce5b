// What is known of the data at a point of the plan: how it lies over the subtasks (global) and inside one (local).
import { type ForwardedFields, forwardedField } from './forwarded-fields.ts';
import { type Field, sameFields } from './record-key.ts';
import type { OrderedField, ShipStrategy } from './strategies.ts';

export type GlobalProperties =
  | { readonly partitioning: 'RANDOM_PARTITIONED' }
  | { readonly partitioning: 'FORCED_REBALANCED' }
  | { readonly partitioning: 'HASH_PARTITIONED'; readonly fields: readonly Field[] };

export interface LocalProperties {
  /** Empty: no order is known. */
  readonly order: readonly OrderedField[];
}

export const randomPartitioned: GlobalProperties = { partitioning: 'RANDOM_PARTITIONED' };
export const unordered: LocalProperties = { order: [] };

/** Global properties behind a channel. */
export function shippedGlobal(ship: ShipStrategy, source: GlobalProperties): GlobalProperties {
  if (ship.kind === 'forward') return source;
  if (ship.kind === 'hash') return { partitioning: 'HASH_PARTITIONED', fields: ship.fields };
  return ship.kind === 'rebalance' ? { partitioning: 'FORCED_REBALANCED' } : randomPartitioned;
}

/** Global properties behind an operator that forwards these fields. */
export function forwardGlobal(global: GlobalProperties, forwarded: ForwardedFields): GlobalProperties {
  if (global.partitioning !== 'HASH_PARTITIONED') return global;
  const fields = global.fields.map((field) => forwardedField(forwarded, field));
  return fields.includes(undefined)
    ? randomPartitioned
    : { partitioning: 'HASH_PARTITIONED', fields: fields as Field[] };
}

/** Local properties behind an operator: the order survives up to the first field that is not forwarded. */
export function forwardLocal(local: LocalProperties, forwarded: ForwardedFields): LocalProperties {
  const order: OrderedField[] = [];
  for (const { field, direction } of local.order) {
    const target = forwardedField(forwarded, field);
    if (target === undefined) break;
    order.push({ field: target, direction });
  }
  return { order };
}

/** True when all records with equal `keys` are in one subtask: partitioned by some of them. */
export function isPartitionedBy(global: GlobalProperties, keys: readonly Field[]): boolean {
  return global.partitioning === 'HASH_PARTITIONED' && global.fields.every((field) => keys.includes(field));
}

export function isHashPartitionedExactly(global: GlobalProperties, keys: readonly Field[]): boolean {
  return global.partitioning === 'HASH_PARTITIONED' && sameFields(global.fields, keys);
}

/** True when equal `keys` stand together: the order starts with them, in any sequence and direction. */
export function isGroupedBy(local: LocalProperties, keys: readonly Field[]): boolean {
  const prefix = local.order.slice(0, keys.length).map(({ field }) => field);
  return prefix.length === keys.length && keys.every((key) => prefix.includes(key));
}

/** True when `order` is a prefix of the known one. */
export function isOrderedBy(local: LocalProperties, order: readonly OrderedField[]): boolean {
  return order.every(
    ({ field, direction }, i) => local.order[i]?.field === field && local.order[i]?.direction === direction,
  );
}
