// Joins two keyed streams by event time: every pair with right in [left + lowerBound, left + upperBound]. Both sides are
// kept by timestamp until no partner can come any more (source of the protocol: Apache Flink, IntervalJoinOperator).
//   J1. A pair is emitted once, when the later of the two arrives, with the larger of the two timestamps.
//   J2. An element earlier than the watermark is late: it joins nothing.

import type { OutputTag } from '../../../api/output-tag.ts';
import type { IntervalJoinContext } from '../../../api/process-context.ts';
import { type MapState, MapStateDescriptor } from '../../../api/state.ts';
import { type TypeInformation, Types } from '../../../api/type-information.ts';
import { requireTimestamp } from '../../../api/windows/window-timestamp.ts';
import type { IntervalJoinSpec } from '../../../graph/operator-spec.ts';
import type { TimerService } from '../../../state/timer-service.ts';
import { keyedStateOf } from '../keyed-context.ts';
import { createInputs } from '../operator-input.ts';
import type { OperatorContext, StreamOperator, TimestampCell } from '../stream-operator.ts';
import { userFunctionLifecycle } from '../user-function.ts';

const TIMERS = 'cleanup-timers';
const LEFT = 'left';
const RIGHT = 'right';

/** Elements of one side by timestamp, ms. */
type Buffer = MapState<number, unknown[]>;

interface Side {
  readonly own: Buffer;
  readonly other: Buffer;
  /** Partners are in [own + lowerMs, own + upperMs]. */
  readonly lowerMs: number;
  readonly upperMs: number;
  readonly namespace: typeof LEFT | typeof RIGHT;
  readonly lateTag: string | undefined;
  join(own: unknown, ownMs: number, other: unknown, otherMs: number): void;
}

export function createIntervalJoinOperator(spec: IntervalJoinSpec, context: OperatorContext): StreamOperator {
  const [leftType, rightType] = context.operator.inputTypes;
  const leftBuffer = openBuffer(context, 'LEFT_BUFFER', leftType);
  const rightBuffer = openBuffer(context, 'RIGHT_BUFFER', rightType);
  const joinContext = new JoinFunctionContext(context);
  const collector = { collect: context.output.collect };
  const join = (left: unknown, leftMs: number, right: unknown, rightMs: number): void => {
    joinContext.enter(leftMs, rightMs);
    spec.fn(left, right, joinContext, collector);
  };
  const left: Side = {
    own: leftBuffer,
    other: rightBuffer,
    lowerMs: spec.lowerBoundMs,
    upperMs: spec.upperBoundMs,
    namespace: LEFT,
    lateTag: spec.leftLateTag,
    join,
  };
  const right: Side = {
    own: rightBuffer,
    other: leftBuffer,
    lowerMs: -spec.upperBoundMs,
    upperMs: -spec.lowerBoundMs,
    namespace: RIGHT,
    lateTag: spec.rightLateTag,
    join: (own, ownMs, other, otherMs) => join(other, otherMs, own, ownMs),
  };
  const timers = openCleanupTimers(context, left, right);
  return {
    ...userFunctionLifecycle(spec.rich, context),
    inputs: createInputs(context, [
      (value) => processSide(context, timers, left, value),
      (value) => processSide(context, timers, right, value),
    ]),
  };
}

function openBuffer(context: OperatorContext, name: string, type: TypeInformation | undefined): Buffer {
  const listType = type && (Types.list(type) as TypeInformation<unknown[]>);
  return keyedStateOf(context).getMapState(new MapStateDescriptor<number, unknown[]>(name, Types.double, listType));
}

function openCleanupTimers(context: OperatorContext, left: Side, right: Side): TimerService {
  const handler = {
    onEventTime(timestampMs: number, _key: unknown, namespace: unknown) {
      const side = namespace === LEFT ? left : right;
      side.own.remove(timestampMs - retentionOf(side));
    },
    onProcessingTime() {},
  };
  return context.timerService(TIMERS, handler, Types.string as TypeInformation);
}

/** How long after its own time an element may still find a partner, ms. */
function retentionOf(side: Side): number {
  return Math.max(side.upperMs, 0);
}

function processSide(context: OperatorContext, timers: TimerService, side: Side, value: unknown): void {
  const { cell, output } = context;
  const ownMs = requireTimestamp(cell.timestampMs, 'interval join');
  if (ownMs < context.currentWatermarkMs()) {
    if (side.lateTag !== undefined) output.collectSide(side.lateTag, value);
    return;
  }
  addToBuffer(side.own, ownMs, value);
  for (const [otherMs, others] of side.other.entries()) {
    if (otherMs < ownMs + side.lowerMs || otherMs > ownMs + side.upperMs) continue;
    for (const other of others) joinPair(cell, side, value, ownMs, other, otherMs);
  }
  timers.registerEventTimeTimer(side.namespace, ownMs + retentionOf(side));
}

function addToBuffer(buffer: Buffer, timestampMs: number, value: unknown): void {
  const bucket = buffer.get(timestampMs) ?? [];
  bucket.push(value);
  buffer.put(timestampMs, bucket);
}

function joinPair(cell: TimestampCell, side: Side, own: unknown, ownMs: number, other: unknown, otherMs: number): void {
  const previousMs = cell.timestampMs;
  cell.timestampMs = Math.max(ownMs, otherMs);
  side.join(own, ownMs, other, otherMs);
  cell.timestampMs = previousMs;
}

class JoinFunctionContext implements IntervalJoinContext {
  readonly #context: OperatorContext;
  #leftMs = Number.NaN;
  #rightMs = Number.NaN;

  constructor(context: OperatorContext) {
    this.#context = context;
  }

  enter(leftMs: number, rightMs: number): void {
    this.#leftMs = leftMs;
    this.#rightMs = rightMs;
  }

  getLeftTimestamp(): number {
    return this.#leftMs;
  }

  getRightTimestamp(): number {
    return this.#rightMs;
  }

  getTimestamp(): number {
    return Math.max(this.#leftMs, this.#rightMs);
  }

  output<X>(tag: OutputTag<X>, value: X): void {
    this.#context.output.collectSide(tag.id, value);
  }
}
