// A data set with keys: what can be done with its groups.
import type { BatchGroupCombine, BatchGroupReduce, BatchReduce } from '../../graph/batch/batch-operator.ts';
import { forwardNone } from '../../graph/batch/forwarded-fields.ts';
import type { Field, RecordKey, SortField } from '../../graph/batch/record-key.ts';
import { bindFunction } from '../function-binding.ts';
import type { ReduceLike } from '../user-functions.ts';
import { type AggregateDataSet, aggregateDataSet } from './aggregate-data-set.ts';
import { Aggregations } from './aggregations.ts';
import { callLocation } from './call-location.ts';
import type { DataSet, Order } from './data-set.ts';
import type { DataSetHandle } from './data-set-handle.ts';
import {
  bindGroupReduce,
  firstOf,
  type GroupCombineLike,
  type GroupFunction,
  type GroupReduceLike,
} from './group-functions.ts';
import { combineKeyedGroup, foldKeyed, keyOfKeyed, reduceKeyedGroup, removeKey } from './key-wrapping.ts';
import type { GivenKeys } from './keys.ts';
import { pickByFields } from './pick-by-fields.ts';
import { type RecordShape, resolveField, unknownShape } from './record-shape.ts';

/** Input and key of a grouping operator, with the key extractor where a selector was given. */
interface GroupedInput {
  readonly input: DataSetHandle;
  readonly key: RecordKey;
  readonly hasExtractor: boolean;
}

abstract class Grouping<T> {
  protected readonly data: DataSet<T>;
  protected readonly keys: GivenKeys;

  constructor(data: DataSet<T>, keys: GivenKeys) {
    this.data = data;
    this.keys = keys;
  }

  protected abstract groupOrder(hasExtractor: boolean): readonly SortField[];

  /** Calls the function once per group with all its records. */
  reduceGroup<R>(reducer: GroupReduceLike<T, R>): DataSet<R> {
    const grouped = this.groupedInput();
    const { fn, combineFn, rich } = bindGroupReduce(reducer);
    const combine = combineFn && grouped.hasExtractor ? combineKeyedGroup(combineFn) : combineFn;
    return this.addGroupOperator<R>(grouped, 'groupReduce', 'GroupReduce', {
      fn: grouped.hasExtractor ? reduceKeyedGroup(fn) : fn,
      combineFn: combine,
      rich,
    });
  }

  /** Like reduceGroup, in the subtasks of the input and perhaps several times per group: a first step of an aggregation. */
  combineGroup<R>(combiner: GroupCombineLike<T, R>): DataSet<R> {
    const grouped = this.groupedInput();
    const { fn, rich } = bindFunction<GroupFunction>(combiner, 'combine', 'combineGroup');
    return this.addGroupOperator<R>(grouped, 'groupCombine', 'GroupCombine', {
      fn: grouped.hasExtractor ? reduceKeyedGroup(fn) : fn,
      rich,
    });
  }

  /** The first `count` records of each group. */
  first(count: number): DataSet<T> {
    const first = this.reduceGroup<T>(firstOf<T>(count));
    return this.data.derive(first.operator, this.data.shape);
  }

  protected groupedInput(): GroupedInput {
    const { keys, data } = this;
    if (keys.kind === 'fields') return { input: data, key: keys.key, hasExtractor: false };
    return { input: data.addKeyExtractor(keys.select), key: keyOfKeyed, hasExtractor: true };
  }

  protected located(label: string): string {
    return `${label} at ${callLocation(this.data.program.context)}`;
  }

  private addGroupOperator<R>(
    { input, key, hasExtractor }: GroupedInput,
    kind: 'groupReduce' | 'groupCombine',
    label: string,
    functions: Pick<BatchGroupReduce, 'fn' | 'rich'> & Partial<Pick<BatchGroupReduce, 'combineFn'>>,
  ): DataSet<R> {
    const operator = this.data.program.add<BatchGroupReduce | BatchGroupCombine>({
      ...groupOperator(input, this.located(label)),
      kind,
      key,
      groupOrder: this.groupOrder(hasExtractor),
      combineFn: undefined,
      ...functions,
    } as Omit<BatchGroupReduce, 'id'>);
    return this.data.derive(operator, unknownShape);
  }
}

export class UnsortedGrouping<T> extends Grouping<T> {
  protected groupOrder(): readonly SortField[] {
    return [];
  }

  /** Order of the records inside each group, for reduceGroup, combineGroup and first. */
  sortGroup(field: Field, order: Order): SortedGrouping<T> {
    return new SortedGrouping(this.data, this.keys, [{ field, order }]);
  }

  reduce(reducer: ReduceLike<T>): DataSet<T> {
    const { fn, rich } = bindFunction<(a: unknown, b: unknown) => unknown>(reducer, 'reduce', 'reduce');
    const { input, key, hasExtractor } = this.groupedInput();
    const fold = { start: (record: unknown) => record, fn };
    const operator = this.data.program.add<BatchReduce>({
      ...groupOperator(input, this.located('Reduce')),
      kind: 'reduce',
      key,
      ...(hasExtractor ? foldKeyed(fold) : fold),
      rich,
    });
    if (hasExtractor) {
      return input
        .derive<unknown>(operator, unknownShape)
        .addKeyRemover<T>(this.data.shape, this.data.operator.outputType);
    }
    operator.outputType = this.data.operator.outputType;
    return this.data.derive(operator, this.data.shape);
  }

  aggregate(aggregation: Aggregations, field: Field): AggregateDataSet<T> {
    const location = callLocation(this.data.program.context);
    return aggregateDataSet<T>(this.data, this.keys, [{ aggregation, field }], location);
  }

  sum(field: Field): AggregateDataSet<T> {
    return this.aggregate(Aggregations.SUM, field);
  }

  min(field: Field): AggregateDataSet<T> {
    return this.aggregate(Aggregations.MIN, field);
  }

  max(field: Field): AggregateDataSet<T> {
    return this.aggregate(Aggregations.MAX, field);
  }

  /** The record of each group with the smallest fields, compared one after the other. */
  minBy(...fields: readonly Field[]): DataSet<T> {
    return this.reduce(pickByFields<T>(fields, this.data.shape, 'min'));
  }

  maxBy(...fields: readonly Field[]): DataSet<T> {
    return this.reduce(pickByFields<T>(fields, this.data.shape, 'max'));
  }
}

interface GroupSort {
  readonly field: Field;
  readonly order: Order;
}

export class SortedGrouping<T> extends Grouping<T> {
  readonly #sorts: readonly GroupSort[];

  constructor(data: DataSet<T>, keys: GivenKeys, sorts: readonly GroupSort[]) {
    super(data, keys);
    this.#sorts = sorts;
  }

  /** A further field for records that are equal by those before. */
  sortGroup(field: Field, order: Order): SortedGrouping<T> {
    return new SortedGrouping(this.data, this.keys, [...this.#sorts, { field, order }]);
  }

  protected groupOrder(hasExtractor: boolean): readonly SortField[] {
    return this.#sorts.map((sort) => sortField(this.data.shape, sort, hasExtractor));
  }
}

/** Behind a key extractor the record is field 1 of [key, record]. */
function sortField(shape: RecordShape, { field, order }: GroupSort, hasExtractor: boolean): SortField {
  const resolved = resolveField(shape, field);
  if (!hasExtractor) return { field: resolved.field, direction: order, read: resolved.read };
  return { field: 1, direction: order, read: (keyed) => resolved.read(removeKey(keyed)) };
}

function groupOperator(input: DataSetHandle, name: string) {
  return {
    name,
    parallelism: undefined,
    parallelismRule: { kind: 'default' as const },
    inputs: [input.operator],
    forwarded: forwardNone,
    outputType: undefined,
  };
}
