// From a plan node to the operator that runs it.
import type { OperatorSpec } from '../operator-spec.ts';
import type { BatchAggregate, BatchGroupCombine, BatchGroupReduce, BatchJoin, BatchReduce } from './batch-operator.ts';
import type { PlanNode } from './physical-plan.ts';
import { DriverStrategy } from './strategies.ts';

export function nodeSpec(node: PlanNode): OperatorSpec {
  const { operator } = node;
  switch (operator.kind) {
    case 'reduce':
    case 'aggregate':
      return reduceSpec(operator, node);
    case 'groupReduce':
    case 'groupCombine':
      return groupReduceSpec(operator, node);
    case 'join':
      return joinSpec(operator, node);
    case 'partition':
      return { kind: 'batchNoOp' };
    case 'sortPartition':
      return { kind: 'batchSort', order: operator.order };
    case 'union':
      throw new Error('Invariant broken: a union has no operator of its own');
    default:
      return operator.spec;
  }
}

function reduceSpec(operator: BatchReduce | BatchAggregate, node: PlanNode): OperatorSpec {
  const { key, start, fn, rich } = operator;
  return { kind: 'batchReduce', key, start, fn, combine: node.role === 'combine', rich };
}

function groupReduceSpec(operator: BatchGroupReduce | BatchGroupCombine, node: PlanNode): OperatorSpec {
  const { key, groupOrder, rich } = operator;
  const combine = node.role === 'combine' || operator.kind === 'groupCombine';
  const combineFn = operator.kind === 'groupReduce' && node.role === 'combine' ? operator.combineFn : undefined;
  return { kind: 'batchGroupReduce', key, groupOrder, fn: combineFn ?? operator.fn, combine, rich };
}

function joinSpec(operator: BatchJoin, node: PlanNode): OperatorSpec {
  const { leftKey, rightKey, fn, rich } = operator;
  const strategy = node.strategy === DriverStrategy.Merge ? 'merge' : 'hash';
  return { kind: 'batchJoin', leftKey, rightKey, fn, rich, strategy };
}
