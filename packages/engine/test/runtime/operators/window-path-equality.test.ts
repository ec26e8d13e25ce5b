// The fast path holds against the general one: same streams, same snapshots, restores and rescalings, same results per key.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock, mergeSnapshots, OneInputOperatorHarness, type OperatorSnapshot } from '@yeoul/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AggregateFunction } from '../../../src/api/state.ts';
import { type TypeInformation, Types } from '../../../src/api/type-information.ts';
import { SlidingEventTimeWindows, SlidingProcessingTimeWindows } from '../../../src/api/windows/sliding-windows.ts';
import { TumblingEventTimeWindows, TumblingProcessingTimeWindows } from '../../../src/api/windows/tumbling-windows.ts';
import type { TimeWindow } from '../../../src/api/windows/window.ts';
import type { CustomOperatorSpec, WindowContents, WindowFn, WindowSpec } from '../../../src/graph/operator-spec.ts';
import type { TimestampCell } from '../../../src/runtime/operators/stream-operator.ts';
import { createWindowOperator } from '../../../src/runtime/operators/window/create-window-operator.ts';
import { PaneWindowOperator } from '../../../src/runtime/operators/window/pane-window-operator.ts';
import { WindowOperator } from '../../../src/runtime/operators/window/window-operator.ts';
import { assignKeyToParallelOperator } from '../../../src/state/index.ts';

interface Reading {
  readonly key: string;
  readonly value: number;
}

type Step =
  | { readonly kind: 'element'; readonly key: string; readonly value: number; readonly timestampMs: number }
  /** One element for each of many keys: panes become dense. */
  | { readonly kind: 'burst'; readonly value: number; readonly timestampMs: number }
  | { readonly kind: 'watermark'; readonly advanceMs: number }
  | { readonly kind: 'clock'; readonly advanceMs: number }
  /** The clock is set, forwards or backwards. */
  | { readonly kind: 'jump'; readonly byMs: number }
  | { readonly kind: 'restore'; readonly parallelism: number };

/** Changes accumulators in place and merges into the second argument: the worst that the contract allows. */
const listAggregate: AggregateFunction<Reading, { values: number[] }, string> = {
  createAccumulator: () => ({ values: [] }),
  add(reading, accumulator) {
    accumulator.values.push(reading.value);
    return accumulator;
  },
  getResult: (accumulator) => [...accumulator.values].sort((a, b) => a - b).join(','),
  merge(a, b) {
    b.values.push(...a.values);
    return b;
  },
};

const sumAggregate: AggregateFunction<Reading, { sum: number; count: number }, string> = {
  createAccumulator: () => ({ sum: 0, count: 0 }),
  add(reading, accumulator) {
    accumulator.sum += reading.value;
    accumulator.count += 1;
    return accumulator;
  },
  getResult: ({ sum, count }) => `${sum}/${count}`,
  merge(a, b) {
    b.sum += a.sum;
    b.count += a.count;
    return b;
  },
};

const { merge: _merge, ...unmergeableAggregate } = listAggregate;

/** Never changes an accumulator. */
const pureSumAggregate: typeof sumAggregate = {
  createAccumulator: () => ({ sum: 0, count: 0 }),
  add: (reading, { sum, count }) => ({ sum: sum + reading.value, count: count + 1 }),
  getResult: sumAggregate.getResult,
  merge: (a, b) => ({ sum: a.sum + b.sum, count: a.count + b.count }),
};

/** Accumulators that are not what they are declared to be. */
const undeclaredAggregate: AggregateFunction<Reading, { sum: number; count: number; largest?: string }, string> = {
  createAccumulator: () => ({ sum: 0, count: 0 }),
  add(reading, accumulator) {
    accumulator.sum += reading.value;
    accumulator.count += 1;
    return accumulator.count > 2 ? (new Boxed(accumulator) as unknown as typeof accumulator) : accumulator;
  },
  getResult: ({ sum, count }) => `${sum}/${count}`,
  merge: (a, b) => new Boxed({ sum: a.sum + b.sum, count: a.count + b.count }) as typeof a,
};

/** A third field comes with the third element. */
const growingAggregate: AggregateFunction<Reading, { sum: number; count: number; many?: boolean }, string> = {
  createAccumulator: () => ({ sum: 0, count: 0 }),
  add(reading, accumulator) {
    accumulator.sum += reading.value;
    accumulator.count += 1;
    if (accumulator.count === 3) accumulator.many = true;
    return accumulator;
  },
  getResult: ({ sum, count, many }) => `${sum}/${count}${many === true ? ' many' : ''}`,
  merge(a, b) {
    const count = a.count + b.count;
    return { sum: a.sum + b.sum, count, ...(count > 2 ? { many: true } : {}) };
  },
};

class Boxed {
  sum: number;
  count: number;

  constructor({ sum, count }: { sum: number; count: number }) {
    this.sum = sum;
    this.count = count;
  }
}

const numbersType = Types.row({ sum: Types.double, count: Types.long });

const aggregateContents = (aggregate: unknown, accumulatorType?: TypeInformation): WindowContents => ({
  kind: 'aggregate',
  aggregate: aggregate as AggregateFunction<unknown, unknown, unknown>,
  accumulatorType,
  resultType: undefined,
});

const contentsKinds: Readonly<Record<string, WindowContents>> = {
  list: aggregateContents(listAggregate),
  sum: aggregateContents(sumAggregate),
  numbers: aggregateContents(sumAggregate, numbersType as TypeInformation),
  pureNumbers: aggregateContents(pureSumAggregate, numbersType as TypeInformation),
  undeclared: aggregateContents(undeclaredAggregate, numbersType as TypeInformation),
  growing: aggregateContents(growingAggregate),
  unmergeable: aggregateContents(unmergeableAggregate),
  reduce: {
    kind: 'reduce',
    // Not associative on purpose: only a fold over the elements in order gives this.
    fn: (a, b) => ({ key: (a as Reading).key, value: (a as Reading).value * 3 + (b as Reading).value }),
  },
};

const describeWindow: WindowFn = (key, context, elements, out) => {
  const window = context.window as TimeWindow;
  out.collect(`${key}@${window.start}-${window.end}:${JSON.stringify(elements)}`);
};

const assigners = [
  TumblingEventTimeWindows.of(10),
  TumblingEventTimeWindows.of(10, 3),
  SlidingEventTimeWindows.of(10, 5),
  SlidingEventTimeWindows.of(10, 4, 1),
  SlidingEventTimeWindows.of(9, 2),
  SlidingEventTimeWindows.of(10, 10),
];

const BURST_KEYS = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN'];

const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('element' as const),
      key: fc.constantFrom('a', 'b', 'c', 'd'),
      value: fc.integer({ min: -50, max: 50 }),
      timestampMs: fc.integer({ min: -20, max: 60 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('burst' as const),
      value: fc.integer({ min: -50, max: 50 }),
      timestampMs: fc.integer({ min: -20, max: 60 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('watermark' as const), advanceMs: fc.integer({ min: 0, max: 12 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('restore' as const), parallelism: fc.integer({ min: 1, max: 3 }) }),
  },
);

const processingTimeAssigners = [
  TumblingProcessingTimeWindows.of(10),
  TumblingProcessingTimeWindows.of(10, 3),
  SlidingProcessingTimeWindows.of(10, 5),
  SlidingProcessingTimeWindows.of(9, 2, 1),
  SlidingProcessingTimeWindows.of(10, 10),
];

const clockStepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: stepArbitrary },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('clock' as const), advanceMs: fc.constantFrom(0, 1, 2, 3, 5, 9, 30) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('jump' as const), byMs: fc.integer({ min: -25, max: 25 }) }),
  },
);

const processingTimeCaseArbitrary = fc.record({
  assigner: fc.constantFrom(...processingTimeAssigners),
  contents: fc.constantFrom(...Object.keys(contentsKinds)),
  withFunction: fc.boolean(),
  allowedLatenessMs: fc.constantFrom(0, 5),
  steps: fc.array(clockStepArbitrary, { maxLength: 80 }),
});

const caseArbitrary = fc.record({
  assigner: fc.constantFrom(...assigners),
  contents: fc.constantFrom(...Object.keys(contentsKinds)),
  withFunction: fc.boolean(),
  allowedLatenessMs: fc.constantFrom(0, 0, 5, 17),
  steps: fc.array(stepArbitrary, { maxLength: 60 }),
});

interface Outcome {
  /** Per key: results and late elements in order. */
  readonly results: Record<string, unknown[]>;
  readonly late: unknown[];
  readonly dropped: number;
}

/** Processing time that can be set; what is scheduled is due after the time that lay before it then. */
class JumpingClock extends FakeClock {
  #offsetMs = 0;

  override nowMs(): number {
    return super.nowMs() + this.#offsetMs;
  }

  override schedule(atMs: number, callback: () => void) {
    return super.schedule(atMs - this.#offsetMs, callback);
  }

  jump(byMs: number): void {
    this.#offsetMs += byMs;
  }
}

class Run {
  readonly #clock = new JumpingClock(1000);
  readonly #operator: CustomOperatorSpec;
  readonly #keyOf: (result: string) => string;
  readonly #diskDirectory: string | undefined;
  #opened = 0;
  #harnesses: OneInputOperatorHarness<Reading, string>[] = [];
  #watermarkMs = -20;
  #dropped = 0;
  readonly outcome: Outcome = { results: {}, late: [], dropped: 0 };

  /** @param diskDirectory undefined: state on the heap */
  constructor(operator: CustomOperatorSpec, keyOf: (result: string) => string, diskDirectory: string | undefined) {
    this.#operator = operator;
    this.#diskDirectory = diskDirectory;
    this.#keyOf = keyOf;
  }

  async open(parallelism: number, restore?: OperatorSnapshot): Promise<void> {
    this.#opened += 1;
    this.#harnesses = await Promise.all(
      Array.from({ length: parallelism }, (_, subtask) =>
        OneInputOperatorHarness.open<Reading, string>({
          operator: this.#operator,
          keys: [(reading: Reading) => reading.key],
          parallelism,
          subtask,
          restore,
          stateBackend: this.#stateBackend(subtask),
          clock: this.#clock,
        }),
      ),
    );
  }

  #stateBackend(subtask: number) {
    if (this.#diskDirectory === undefined) return { kind: 'heap' } as const;
    return { kind: 'disk', workDirectory: join(this.#diskDirectory, `${this.#opened}-${subtask}`) } as const;
  }

  async step(step: Step): Promise<void> {
    if (step.kind === 'element') {
      this.#process(step.key, step.value, step.timestampMs);
    } else if (step.kind === 'burst') {
      for (const [i, key] of BURST_KEYS.entries()) this.#process(key, step.value + i, step.timestampMs);
    } else if (step.kind === 'watermark') {
      this.#watermarkMs += step.advanceMs;
      for (const harness of this.#harnesses) harness.processWatermark(this.#watermarkMs);
    } else if (step.kind === 'clock') {
      this.#clock.advanceBy(step.advanceMs);
    } else if (step.kind === 'jump') {
      this.#clock.jump(step.byMs);
    } else {
      const snapshots = await Promise.all(this.#harnesses.map((harness) => harness.snapshot(1)));
      await this.#closeAll();
      await this.open(step.parallelism, mergeSnapshots(snapshots));
    }
    this.#gather();
  }

  #process(key: string, value: number, timestampMs: number): void {
    const subtask = assignKeyToParallelOperator(key, 128, this.#harnesses.length);
    this.#harnesses[subtask]!.processElement({ key, value }, timestampMs);
  }

  async end(): Promise<Outcome> {
    for (const harness of this.#harnesses) harness.processWatermark(Number.POSITIVE_INFINITY);
    this.#gather();
    this.#clock.advanceBy(200);
    this.#gather();
    await this.#closeAll();
    return { ...this.outcome, dropped: this.#dropped };
  }

  async #closeAll(): Promise<void> {
    for (const harness of this.#harnesses) {
      this.#dropped += harness.metrics.count('numLateRecordsDropped');
      await harness.close();
    }
  }

  #gather(): void {
    for (const harness of this.#harnesses) {
      for (const element of harness.takeOutput()) {
        if (element.kind !== 'record') continue;
        const key = this.#keyOf(element.value);
        (this.outcome.results[key] ??= []).push([element.value, element.timestampMs]);
      }
      this.outcome.late.push(...harness.takeSideOutput('late'));
    }
  }
}

async function run(
  spec: WindowSpec,
  path: 'fast' | 'general',
  steps: readonly Step[],
  diskDirectory?: string,
): Promise<Outcome> {
  const operator: CustomOperatorSpec = {
    kind: 'custom',
    createOperator: (context) =>
      path === 'general' ? new WindowOperator(spec, context) : createWindowOperator(spec, context),
  };
  // Without a window function results do not tell their key: compare them as one bag per timestamp then.
  const keyOf = spec.fn === undefined ? () => 'all' : (result: string) => result[0]!;
  const running = new Run(operator, keyOf, diskDirectory);
  await running.open(1);
  for (const step of steps) await running.step(step);
  return running.end();
}

function inBags(outcome: Outcome): Outcome {
  const results = Object.fromEntries(
    Object.entries(outcome.results).map(([key, list]) => [key, [...list].sort((a, b) => compareJson(a, b))]),
  );
  return { ...outcome, results };
}

function compareJson(a: unknown, b: unknown): number {
  const [x, y] = [JSON.stringify(a), JSON.stringify(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

describe('event-time windows', () => {
  it('the fast path is chosen for the windows of this test', async () => {
    const spec = specOf(assigners[2]!, 'sum', true, 0, false);
    expect(await operatorOf(spec)).toBeInstanceOf(PaneWindowOperator);
  });

  it('fast and general path give the same results per key over any stream, with restores and rescalings', {
    timeout: 60_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(caseArbitrary, fc.boolean(), async (testCase, sideOutput) => {
        const { assigner, contents, withFunction, allowedLatenessMs, steps } = testCase;
        const spec = specOf(assigner, contents, withFunction, allowedLatenessMs, sideOutput);
        const fast = await run(spec, 'fast', steps);
        const general = await run(spec, 'general', steps);
        if (withFunction) expect(fast).toEqual(general);
        else expect(inBags(fast)).toEqual(inBags(general));
      }),
      { numRuns: 200 },
    );
  });
});

describe('processing-time windows', () => {
  it('fast and general path give the same results per key, whatever the clock does, with restores and rescalings', {
    timeout: 60_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(processingTimeCaseArbitrary, async (testCase) => {
        const { assigner, contents, withFunction, allowedLatenessMs, steps } = testCase;
        const spec = specOf(assigner, contents, withFunction, allowedLatenessMs, true);
        const fast = await run(spec, 'fast', steps);
        const general = await run(spec, 'general', steps);
        if (withFunction) expect(fast).toEqual(general);
        else expect(inBags(fast)).toEqual(inBags(general));
      }),
      { numRuns: 150 },
    );
  });

  it.each(processingTimeAssigners)('the fast path is chosen for %s', async (assigner) => {
    expect(await operatorOf(specOf(assigner, 'sum', true, 0, false))).toBeInstanceOf(PaneWindowOperator);
  });

  it('a window that fires leaves the timestamp of the element before it to the elements that have none', async () => {
    const spec = specOf(processingTimeAssigners[0]!, 'sum', false, 0, false);
    const cells: TimestampCell[] = [];
    await using harness = await OneInputOperatorHarness.open<Reading, string>({
      operator: {
        kind: 'custom',
        createOperator: (context) => {
          cells.push(context.cell);
          return createWindowOperator(spec, context);
        },
      },
      keys: [(reading: Reading) => reading.key],
    });
    harness.processElement({ key: 'a', value: 1 }, 77);
    harness.setProcessingTime(30);
    expect([harness.takeOutput(), cells[0]!.timestampMs]).toEqual([
      [{ kind: 'record', value: '1/1', timestampMs: 9 }],
      77,
    ]);
  });
});

describe('event-time windows on disk', () => {
  it('the fast path gives what it gives on the heap', { timeout: 60_000 }, async () => {
    const directory = await mkdtemp(join(tmpdir(), 'yeoul-panes-'));
    let runs = 0;
    try {
      await fc.assert(
        fc.asyncProperty(caseArbitrary, async ({ assigner, contents, allowedLatenessMs, steps }) => {
          runs += 1;
          const spec = specOf(assigner, contents, true, allowedLatenessMs, true);
          const onDisk = await run(spec, 'fast', steps, join(directory, String(runs)));
          expect(onDisk).toEqual(await run(spec, 'fast', steps));
        }),
        { numRuns: 15 },
      );
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });
});

async function operatorOf(spec: WindowSpec): Promise<unknown> {
  let made: unknown;
  const operator: CustomOperatorSpec = {
    kind: 'custom',
    createOperator: (context) => {
      const created = createWindowOperator(spec, context);
      made = created;
      return created;
    },
  };
  await using _harness = await OneInputOperatorHarness.open({ operator, keys: [(reading: Reading) => reading.key] });
  return made;
}

function specOf(
  assigner: (typeof assigners)[number] | (typeof processingTimeAssigners)[number],
  contents: string,
  withFunction: boolean,
  allowedLatenessMs: number,
  sideOutput: boolean,
): WindowSpec {
  return {
    kind: 'window',
    assigner,
    trigger: assigner.getDefaultTrigger() as unknown as WindowSpec['trigger'],
    evictor: undefined,
    allowedLatenessMs,
    lateTag: sideOutput ? 'late' : undefined,
    contents: contentsKinds[contents]!,
    fn: withFunction ? describeWindow : undefined,
    clear: undefined,
  } as WindowSpec;
}
