// Parallelism of batch operators, by Flink's rules.
import type { BatchOperator } from './batch-operator.ts';

/** @param defaultParallelism the environment's, 1 or more */
export function resolveParallelism(operator: BatchOperator, defaultParallelism: number): number {
  if (operator.parallelismRule.kind === 'one') return 1;
  return declaredParallelism(operator) ?? defaultParallelism;
}

/** Undefined: the environment's, whatever it is. */
function declaredParallelism(operator: BatchOperator): number | undefined {
  const rule = operator.parallelismRule;
  if (rule.kind === 'fixed') return rule.parallelism;
  if (operator.parallelism !== undefined) return operator.parallelism;
  const [input] = operator.inputs;
  return rule.kind === 'inherit' && input ? declaredParallelism(input) : undefined;
}
