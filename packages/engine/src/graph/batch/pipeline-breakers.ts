// Where results are read through a blocking exchange: an operator whose outputs meet again further down (a join of a data set
// with something made of itself) could otherwise stall, one side waiting for the other. Rule of Flink's optimizer: at the
// operator where paths from a branching operator meet, all outputs of that operator become blocking.
import { assert } from '../../errors.ts';
import type { BatchOperator } from './batch-operator.ts';

/** Branching operator → which of its outputs the paths came through, one bit each. */
type OpenBranches = ReadonlyMap<BatchOperator, bigint>;

/** @returns operators all of whose outputs are blocking */
export function findPipelineBreakers(sinks: readonly BatchOperator[]): ReadonlySet<BatchOperator> {
  return new BranchWalk(sinks).breakers;
}

class BranchWalk {
  readonly breakers = new Set<BatchOperator>();
  readonly #consumers: ReadonlyMap<BatchOperator, readonly BatchOperator[]>;
  readonly #open = new Map<BatchOperator, OpenBranches>();

  constructor(sinks: readonly BatchOperator[]) {
    this.#consumers = consumersOf(sinks);
    for (const sink of sinks) this.#openBranches(sink);
  }

  #openBranches(operator: BatchOperator): OpenBranches {
    const known = this.#open.get(operator);
    if (known) return known;
    const sides = operator.inputs.map((input, i) => this.#behind(input, operator, i));
    const open = sides.reduce((merged, side) => this.#merge(merged, side), new Map<BatchOperator, bigint>());
    this.#open.set(operator, open);
    return open;
  }

  /** Branches open on the way from `input` to input number `index` of `consumer`. */
  #behind(input: BatchOperator, consumer: BatchOperator, index: number): OpenBranches {
    const open = this.#openBranches(input);
    const consumers = this.#consumers.get(input) ?? [];
    if (consumers.length < 2) return open;
    const output = outputIndex(input, consumer, index, consumers);
    return new Map([...open, [input, 1n << BigInt(output)]]);
  }

  #merge(left: OpenBranches, right: OpenBranches): OpenBranches {
    const merged = new Map(left);
    for (const [branching, paths] of right) this.#mergeOne(merged, branching, paths);
    return merged;
  }

  #mergeOne(merged: Map<BatchOperator, bigint>, branching: BatchOperator, paths: bigint): void {
    const other = merged.get(branching);
    if (other === undefined || other === paths) {
      merged.set(branching, paths);
      return;
    }
    this.breakers.add(branching);
    const allPaths = (1n << BigInt(this.#consumers.get(branching)?.length ?? 0)) - 1n;
    if ((other | paths) === allPaths) merged.delete(branching);
    else merged.set(branching, other | paths);
  }
}

/** One entry per connection: an operator that reads another one twice stands in its list twice. */
function consumersOf(sinks: readonly BatchOperator[]): Map<BatchOperator, BatchOperator[]> {
  const consumers = new Map<BatchOperator, BatchOperator[]>();
  const seen = new Set<BatchOperator>();
  const visit = (operator: BatchOperator): void => {
    if (seen.has(operator)) return;
    seen.add(operator);
    for (const input of operator.inputs) {
      consumers.set(input, [...(consumers.get(input) ?? []), operator]);
      visit(input);
    }
  };
  for (const sink of sinks) visit(sink);
  return consumers;
}

function outputIndex(
  input: BatchOperator,
  consumer: BatchOperator,
  index: number,
  consumers: readonly BatchOperator[],
): number {
  const earlierReads = consumer.inputs.slice(0, index).filter((other) => other === input).length;
  const positions = consumers.flatMap((other, i) => (other === consumer ? [i] : []));
  const position = positions[earlierReads];
  assert(position !== undefined, 'an input knows its consumers');
  return position;
}
