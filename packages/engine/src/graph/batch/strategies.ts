// Strategies of a physical plan by the names that Flink 1.9 shows (JsonMapper of its optimizer).
import { type Field, formatFields, type SortDirection } from './record-key.ts';

export const DriverStrategy = {
  None: '(none)',
  NoOp: 'No-Op',
  Map: 'Map',
  FlatMap: 'FlatMap',
  MapPartition: 'Map Partition',
  AllReduce: 'Reduce All',
  AllGroupReduce: 'Group Reduce All',
  AllGroupCombine: 'ALL_GROUP_COMBINE',
  SortedReduce: 'Sorted Reduce',
  SortedPartialReduce: 'Sorted Combine/Reduce',
  SortedGroupReduce: 'Sorted Group Reduce',
  SortedGroupCombine: 'Sorted Combine',
  HybridHash: 'Hybrid Hash',
  Merge: 'Merge',
  /** Never a vertex: its inputs become inputs of its consumer. */
  Union: 'UNION',
} as const;
export type DriverStrategy = (typeof DriverStrategy)[keyof typeof DriverStrategy];

/** Strategies whose operator can run behind another one in a chain; the others start a vertex. */
export const chainableStrategies: ReadonlySet<DriverStrategy> = new Set([
  DriverStrategy.Map,
  DriverStrategy.FlatMap,
  DriverStrategy.AllReduce,
  DriverStrategy.SortedPartialReduce,
  DriverStrategy.SortedGroupCombine,
]);

export type ShipStrategy =
  | { readonly kind: 'forward' }
  | { readonly kind: 'redistribute' }
  | { readonly kind: 'rebalance' }
  | { readonly kind: 'hash'; readonly fields: readonly Field[]; readonly read: (record: unknown) => unknown };

/** Of a channel's receiving side; undefined: none. */
export interface LocalStrategy {
  readonly kind: 'sort' | 'combining-sort';
  readonly order: readonly OrderedField[];
}

export interface OrderedField {
  readonly field: Field;
  readonly direction: SortDirection;
}

export function formatShipStrategy(ship: ShipStrategy): string {
  switch (ship.kind) {
    case 'forward':
      return 'Forward';
    case 'redistribute':
      return 'Redistribute';
    case 'rebalance':
      return 'Rebalance';
    case 'hash':
      return `Hash Partition on ${formatFields(ship.fields)}`;
  }
}

export function formatLocalStrategy(local: LocalStrategy): string {
  return `${local.kind === 'sort' ? 'Sort' : 'Sort (combining)'} on ${formatOrder(local.order)}`;
}

export function formatOrder(order: readonly OrderedField[]): string {
  return `[${order.map(({ field, direction }) => `${field}:${direction}`).join(',')}]`;
}
