// The fast path holds against the general one: same streams, same snapshots, restores and rescalings, same results per key.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mergeSnapshots, OneInputOperatorHarness, type OperatorSnapshot } from '@yeoul/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AggregateFunction } from '../../../src/api/state.ts';
import { type TypeInformation, Types } from '../../../src/api/type-information.ts';
import { SlidingEventTimeWindows } from '../../../src/api/windows/sliding-windows.ts';
import { EventTimeTrigger } from '../../../src/api/windows/time-triggers.ts';
import { TumblingEventTimeWindows } from '../../../src/api/windows/tumbling-windows.ts';
import type { TimeWindow } from '../../../src/api/windows/window.ts';
import type { CustomOperatorSpec, WindowContents, WindowFn, WindowSpec } from '../../../src/graph/operator-spec.ts';
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

class Run {
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
    const made: unknown[] = [];
    const operator: CustomOperatorSpec = {
      kind: 'custom',
      createOperator: (context) => {
        const created = createWindowOperator(spec, context);
        made.push(created);
        return created;
      },
    };
    await using _harness = await OneInputOperatorHarness.open({ operator, keys: [(reading: Reading) => reading.key] });
    expect(made[0]).toBeInstanceOf(PaneWindowOperator);
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

function specOf(
  assigner: (typeof assigners)[number],
  contents: string,
  withFunction: boolean,
  allowedLatenessMs: number,
  sideOutput: boolean,
): WindowSpec {
  return {
    kind: 'window',
    assigner,
    trigger: EventTimeTrigger.create() as unknown as WindowSpec['trigger'],
    evictor: undefined,
    allowedLatenessMs,
    lateTag: sideOutput ? 'late' : undefined,
    contents: contentsKinds[contents]!,
    fn: withFunction ? describeWindow : undefined,
    clear: undefined,
  } as WindowSpec;
}
