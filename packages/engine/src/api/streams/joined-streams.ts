// Window join and coGroup of two streams: both are tagged, united, keyed and windowed (as in Flink, so that ids agree).
import { bindFunction } from '../function-binding.ts';
import type { Collector, RichFunctionLifecycle } from '../functions.ts';
import type { TimeLike } from '../time.ts';
import { toMilliseconds } from '../time.ts';
import { type TypeInformation, Types } from '../type-information.ts';
import type { CoGroupLike, FlatJoinLike, JoinFunction, KeySelectorLike } from '../user-functions.ts';
import type { WindowFunction } from '../window-functions.ts';
import type { Evictor } from '../windows/evictor.ts';
import type { Trigger } from '../windows/trigger.ts';
import type { Window } from '../windows/window.ts';
import type { WindowAssigner } from '../windows/window-assigner.ts';
import type { DataStream, FieldOf, SingleOutputStreamOperator } from './data-stream.ts';
import { createKeySpec } from './keys.ts';

/** A record of the first or the second stream; the other member is undefined. */
export interface TaggedUnion<A, B> {
  readonly one: A | undefined;
  readonly two: B | undefined;
  readonly isOne: boolean;
}

type Selector<T, K> = KeySelectorLike<T, K> | FieldOf<T>;
type CoGroupCall<A, B, R> = (first: readonly A[], second: readonly B[], out: Collector<R>) => void;

interface Sides<A, B, K> {
  readonly first: DataStream<A>;
  readonly second: DataStream<B>;
  readonly firstKey: (value: A) => K;
  readonly secondKey: (value: B) => K;
  readonly keyType: TypeInformation<K> | undefined;
}

export class CoGroupedStreams<A, B> {
  readonly #first: DataStream<A>;
  readonly #second: DataStream<B>;

  constructor(first: DataStream<A>, second: DataStream<B>) {
    this.#first = first;
    this.#second = second;
  }

  /** Key of the first stream; then equalTo(key of the second). */
  where<F extends FieldOf<A>>(field: F): Where<A, B, A[F], CoGroupWindowing<A, B, A[F]>>;
  where<K>(selector: KeySelectorLike<A, K>, keyType?: TypeInformation<K>): Where<A, B, K, CoGroupWindowing<A, B, K>>;
  where<K>(selector: Selector<A, K>, keyType?: TypeInformation<K>): Where<A, B, K, CoGroupWindowing<A, B, K>> {
    return new Where(this.#first, this.#second, selector, keyType, (sides) => new CoGroupWindowing(sides));
  }
}

export class JoinedStreams<A, B> {
  readonly #first: DataStream<A>;
  readonly #second: DataStream<B>;

  constructor(first: DataStream<A>, second: DataStream<B>) {
    this.#first = first;
    this.#second = second;
  }

  /** Key of the first stream; then equalTo(key of the second). */
  where<F extends FieldOf<A>>(field: F): Where<A, B, A[F], JoinWindowing<A, B, A[F]>>;
  where<K>(selector: KeySelectorLike<A, K>, keyType?: TypeInformation<K>): Where<A, B, K, JoinWindowing<A, B, K>>;
  where<K>(selector: Selector<A, K>, keyType?: TypeInformation<K>): Where<A, B, K, JoinWindowing<A, B, K>> {
    return new Where(this.#first, this.#second, selector, keyType, (sides) => new JoinWindowing(sides));
  }
}

export class Where<A, B, K, N> {
  readonly #first: DataStream<A>;
  readonly #second: DataStream<B>;
  readonly #selector: Selector<A, K>;
  readonly #keyType: TypeInformation<K> | undefined;
  readonly #next: (sides: Sides<A, B, K>) => N;

  constructor(
    first: DataStream<A>,
    second: DataStream<B>,
    selector: Selector<A, K>,
    keyType: TypeInformation<K> | undefined,
    next: (sides: Sides<A, B, K>) => N,
  ) {
    this.#first = first;
    this.#second = second;
    this.#selector = selector;
    this.#keyType = keyType;
    this.#next = next;
  }

  equalTo(selector: Selector<B, K>): N {
    const one = createKeySpec([this.#selector], this.#first.getType(), this.#keyType);
    const two = createKeySpec([selector], this.#second.getType(), this.#keyType);
    return this.#next({
      first: this.#first,
      second: this.#second,
      firstKey: one.selector as (value: A) => K,
      secondKey: two.selector as (value: B) => K,
      keyType: one.type as TypeInformation<K> | undefined,
    });
  }
}

export class CoGroupWindowing<A, B, K> {
  readonly #sides: Sides<A, B, K>;

  constructor(sides: Sides<A, B, K>) {
    this.#sides = sides;
  }

  window<W extends Window>(assigner: WindowAssigner<TaggedUnion<A, B>, W>): CoGroupWithWindow<A, B, K, W> {
    return new CoGroupWithWindow(this.#sides, assigner);
  }
}

export class JoinWindowing<A, B, K> {
  readonly #sides: Sides<A, B, K>;

  constructor(sides: Sides<A, B, K>) {
    this.#sides = sides;
  }

  window<W extends Window>(assigner: WindowAssigner<TaggedUnion<A, B>, W>): JoinWithWindow<A, B, K, W> {
    return new JoinWithWindow(this.#sides, assigner);
  }
}

abstract class WindowOfTwo<A, B, K, W extends Window> {
  readonly #sides: Sides<A, B, K>;
  readonly #assigner: WindowAssigner<TaggedUnion<A, B>, W>;
  #trigger: Trigger<TaggedUnion<A, B>, W> | undefined;
  #evictor: Evictor<TaggedUnion<A, B>, W> | undefined;
  #latenessMs = 0;

  constructor(sides: Sides<A, B, K>, assigner: WindowAssigner<TaggedUnion<A, B>, W>) {
    this.#sides = sides;
    this.#assigner = assigner;
  }

  trigger(trigger: Trigger<TaggedUnion<A, B>, W>): this {
    this.#trigger = trigger;
    return this;
  }

  evictor(evictor: Evictor<TaggedUnion<A, B>, W>): this {
    this.#evictor = evictor;
    return this;
  }

  /** How long after its end a window still takes late elements; event time. */
  allowedLateness(lateness: TimeLike): this {
    this.#latenessMs = toMilliseconds(lateness, 'allowed lateness', 0);
    return this;
  }

  protected build<R>(
    call: CoGroupCall<A, B, R>,
    rich: RichFunctionLifecycle | undefined,
    type: TypeInformation<R> | undefined,
  ): SingleOutputStreamOperator<R> {
    const { first, second, firstKey, secondKey, keyType } = this.#sides;
    const tagType = taggedType(first.getType(), second.getType());
    const tagOne = (one: A): TaggedUnion<A, B> => ({ one, two: undefined, isOne: true });
    const tagTwo = (two: B): TaggedUnion<A, B> => ({ one: undefined, two, isOne: false });
    const united = first
      .map(tagOne, tagType)
      .setParallelism(first.getParallelism())
      .union(second.map(tagTwo, tagType).setParallelism(second.getParallelism()));
    const windows = united
      .keyBy((tagged) => (tagged.isOne ? firstKey(tagged.one as A) : secondKey(tagged.two as B)), keyType)
      .window(this.#assigner)
      .allowedLateness(this.#latenessMs);
    if (this.#trigger !== undefined) windows.trigger(this.#trigger);
    if (this.#evictor !== undefined) windows.evictor(this.#evictor);
    return windows.apply(new CoGroupWindowFunction<A, B, R, K, W>(call, rich), type);
  }
}

export class CoGroupWithWindow<A, B, K, W extends Window> extends WindowOfTwo<A, B, K, W> {
  /** Called once per key and window with the elements of both sides; either may be empty. */
  apply<R>(coGrouper: CoGroupLike<A, B, R>, type?: TypeInformation<R>): SingleOutputStreamOperator<R> {
    const { fn, rich } = bindFunction<CoGroupCall<A, B, R>>(coGrouper, 'coGroup', 'coGroup');
    return this.build(fn, rich, type);
  }
}

export class JoinWithWindow<A, B, K, W extends Window> extends WindowOfTwo<A, B, K, W> {
  /** Called for every pair. A function of two parameters returns its result; one of three emits any number. */
  apply<R>(
    joiner: ((first: A, second: B) => R) | JoinFunction<A, B, R>,
    type?: TypeInformation<R>,
  ): SingleOutputStreamOperator<R>;
  apply<R>(joiner: FlatJoinLike<A, B, R>, type?: TypeInformation<R>): SingleOutputStreamOperator<R>;
  apply<R>(joiner: unknown, type?: TypeInformation<R>): SingleOutputStreamOperator<R> {
    const { fn, rich } = bindFunction<(first: A, second: B, out: Collector<R>) => R>(joiner, 'join', 'join');
    const emits = (typeof joiner === 'function' ? joiner : (joiner as { join: unknown }).join) as { length: number };
    const call: (one: A, two: B, out: Collector<R>) => void =
      emits.length > 2 ? fn : (one, two, out) => out.collect(fn(one, two, out));
    const pairs: CoGroupCall<A, B, R> = (first, second, out) => {
      for (const one of first) for (const two of second) call(one, two, out);
    };
    return this.build(pairs, rich, type);
  }
}

/** Splits the elements of a window by side. Named as Flink's, for the operator's name. */
class CoGroupWindowFunction<A, B, R, K, W extends Window> implements WindowFunction<TaggedUnion<A, B>, R, K, W> {
  readonly #call: CoGroupCall<A, B, R>;
  readonly #rich: RichFunctionLifecycle | undefined;

  constructor(call: CoGroupCall<A, B, R>, rich: RichFunctionLifecycle | undefined) {
    this.#call = call;
    this.#rich = rich;
  }

  setRuntimeContext(context: Parameters<NonNullable<RichFunctionLifecycle['setRuntimeContext']>>[0]): void {
    this.#rich?.setRuntimeContext?.(context);
  }

  open(context: Parameters<NonNullable<RichFunctionLifecycle['open']>>[0]): void | Promise<void> {
    return this.#rich?.open?.(context);
  }

  close(): void | Promise<void> {
    return this.#rich?.close?.();
  }

  apply(_key: K, _window: W, elements: readonly TaggedUnion<A, B>[], out: Collector<R>): void {
    const first: A[] = [];
    const second: B[] = [];
    for (const element of elements) {
      if (element.isOne) first.push(element.one as A);
      else second.push(element.two as B);
    }
    this.#call(first, second, out);
  }
}

function taggedType<A, B>(
  one: TypeInformation<A> | undefined,
  two: TypeInformation<B> | undefined,
): TypeInformation<TaggedUnion<A, B>> | undefined {
  if (one === undefined || two === undefined) return undefined;
  return Types.row({ one: Types.optional(one), two: Types.optional(two), isOne: Types.boolean }) as never;
}
