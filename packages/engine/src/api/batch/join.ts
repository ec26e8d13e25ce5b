// Inner joins: a.join(b).where(keys of a).equalTo(keys of b), then with(function), or the pairs as they are.
import { appError } from '../../errors.ts';
import type { BatchJoin } from '../../graph/batch/batch-operator.ts';
import { type ForwardedFields, forwardNone, forwardSame } from '../../graph/batch/forwarded-fields.ts';
import type { Field, RecordKey } from '../../graph/batch/record-key.ts';
import { bindFunction } from '../function-binding.ts';
import type { Collector } from '../functions.ts';
import type { FlatJoinFunction, JoinFunction, KeySelectorLike } from '../user-functions.ts';
import { callLocation } from './call-location.ts';
import type { DataSet } from './data-set.ts';
import type { DataSetHandle } from './data-set-handle.ts';
import { keyOfKeyed, removeKey } from './key-wrapping.ts';
import { type GivenKeys, type KeyArguments, resolveKeys } from './keys.ts';
import { unknownShape } from './record-shape.ts';

export class JoinOperatorSets<L, R> {
  readonly #left: DataSet<L>;
  readonly #right: DataSet<R>;

  constructor(left: DataSet<L>, right: DataSet<R>) {
    if (left.program !== right.program) throw appError('STREAMS_OF_TWO_ENVIRONMENTS', ['join']);
    this.#left = left;
    this.#right = right;
  }

  where(...keys: readonly Field[]): JoinPredicate<L, R>;
  where<K>(selector: KeySelectorLike<L, K>): JoinPredicate<L, R>;
  where(...keys: KeyArguments<L>): JoinPredicate<L, R> {
    return new JoinPredicate(this.#left, this.#right, resolveKeys<L>(keys, this.#left.shape, 'where'));
  }
}

export class JoinPredicate<L, R> {
  readonly #left: DataSet<L>;
  readonly #right: DataSet<R>;
  readonly #leftKeys: GivenKeys;

  constructor(left: DataSet<L>, right: DataSet<R>, leftKeys: GivenKeys) {
    this.#left = left;
    this.#right = right;
    this.#leftKeys = leftKeys;
  }

  equalTo(...keys: readonly Field[]): JoinDataSet<L, R>;
  equalTo<K>(selector: KeySelectorLike<R, K>): JoinDataSet<L, R>;
  /** @throws INVALID_KEY when both sides have different numbers of fields */
  equalTo(...given: KeyArguments<R>): JoinDataSet<L, R> {
    const rightKeys = resolveKeys<R>(given, this.#right.shape, 'equalTo');
    checkSameCount(this.#leftKeys, rightKeys);
    return createJoin({
      left: joinSide(this.#left, this.#leftKeys),
      right: joinSide(this.#right, rightKeys),
      location: callLocation(this.#left.program.context),
    });
  }
}

function checkSameCount(left: GivenKeys, right: GivenKeys): void {
  const [first, second] = [keyCount(left), keyCount(right)];
  if (first !== second) throw appError('INVALID_KEY', ['equalTo', `${second} key fields against ${first} of where`]);
}

function keyCount(keys: GivenKeys): number {
  return keys.kind === 'fields' ? keys.key.fields.length : 1;
}

/** One input of a join, with the key extractor where a selector was given. */
interface JoinSide {
  readonly data: DataSetHandle;
  readonly key: RecordKey;
  /** Record of the input → what the function gets. */
  readonly unwrap: (record: unknown) => unknown;
  readonly isTuple: boolean;
}

function joinSide<T>(data: DataSet<T>, keys: GivenKeys): JoinSide {
  if (keys.kind === 'fields') return { data, key: keys.key, unwrap: (record) => record, isTuple: keys.areTupleFields };
  return { data: data.addKeyExtractor(keys.select), key: keyOfKeyed, unwrap: removeKey, isTuple: false };
}

interface JoinParts {
  readonly left: JoinSide;
  readonly right: JoinSide;
  readonly location: string;
}

/** The pairs of a join; with() replaces them by a function's results. */
export interface JoinDataSet<L, R> extends DataSet<[L, R]> {
  /** A function (or `join` of an object) of two parameters returns one result; one of three emits to its collector. */
  // biome-ignore lint/suspicious/noConfusingVoidType: with three parameters it returns nothing
  with<O>(joiner: (first: L, second: R, out: Collector<O>) => O | void): DataSet<O>;
  with<O>(joiner: JoinFunction<L, R, O> | FlatJoinFunction<L, R, O>): DataSet<O>;
}

function joinWith<O>(parts: JoinParts, joiner: unknown): DataSet<O> {
  const { fn, rich } = bindFunction<(first: unknown, second: unknown, out: Collector<unknown>) => unknown>(
    joiner,
    'join',
    'with',
  );
  const emits = declaredParameters(joiner) >= 3;
  const emit = emits ? fn : (a: unknown, b: unknown, out: Collector<unknown>) => out.collect(fn(a, b, out));
  return parts.left.data.derive<O>(addJoin(parts, emit, forwardNone, rich), unknownShape);
}

function declaredParameters(joiner: unknown): number {
  return typeof joiner === 'function' ? joiner.length : (joiner as { join: { length: number } }).join.length;
}

function createJoin<L, R>(parts: JoinParts): JoinDataSet<L, R> {
  const pair = (a: unknown, b: unknown, out: Collector<unknown>): void => out.collect([a, b]);
  // Flink counts fields of pairs flat, so those of the left input keep their places.
  const forwarded = parts.left.isTuple ? forwardSame(parts.left.key.fields) : forwardNone;
  const pairs = parts.left.data.derive<[L, R]>(addJoin(parts, pair, forwarded, undefined), { kind: 'tuple', arity: 2 });
  return Object.assign(pairs, { with: <O>(joiner: unknown): DataSet<O> => joinWith<O>(parts, joiner) });
}

function addJoin(
  { left, right, location }: JoinParts,
  fn: BatchJoin['fn'],
  forwarded: ForwardedFields,
  rich: BatchJoin['rich'],
): BatchJoin {
  const { unwrap: unwrapLeft } = left;
  const { unwrap: unwrapRight } = right;
  return left.data.program.add<BatchJoin>({
    kind: 'join',
    name: `Join at ${location}`,
    parallelism: undefined,
    parallelismRule: { kind: 'default' },
    inputs: [left.data.operator, right.data.operator],
    forwarded,
    forwardedRight: forwardNone,
    outputType: undefined,
    leftKey: left.key,
    rightKey: right.key,
    fn: (a, b, out) => fn(unwrapLeft(a), unwrapRight(b), out),
    rich,
  });
}
