// Sizes and costs as plans show them. Nothing is ever known of the size of the data (programs are not sampled), so a cost is
// either nothing or unknown; the names and the rules for what costs are Flink 1.9's (DefaultCostEstimator).

/** -1: unknown. */
export type CostValue = 0 | -1;

export interface Costs {
  readonly network: CostValue;
  readonly disk: CostValue;
  readonly cpu: CostValue;
}

export const noCosts: Costs = { network: 0, disk: 0, cpu: 0 };

export function addCosts(a: Costs, b: Costs): Costs {
  return { network: add(a.network, b.network), disk: add(a.disk, b.disk), cpu: add(a.cpu, b.cpu) };
}

function add(a: CostValue, b: CostValue): CostValue {
  return a === 0 && b === 0 ? 0 : -1;
}

/** Moving data over channels that repartition. */
export const shippingCosts: Costs = { network: -1, disk: 0, cpu: 0 };
/** Sorting it, or building a hash table. */
export const sortingCosts: Costs = { network: 0, disk: -1, cpu: -1 };

/** Estimated output of an operator; -1: unknown. */
export interface Estimates {
  readonly sizeBytes: CostValue;
  readonly records: CostValue;
}

export const unknownEstimates: Estimates = { sizeBytes: -1, records: -1 };

export function formatEstimate(value: CostValue): string {
  return value === -1 ? '(unknown)' : '0.0';
}
