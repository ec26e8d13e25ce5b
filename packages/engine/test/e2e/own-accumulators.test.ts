// Accumulators of a program's own kinds: their values go together as their merge() says, whatever the values look like.
import { type Accumulator, DiscardingSink, LongCounter, RichMapFunction, type RuntimeContext } from '@yeoul/engine';
import { FaultPlan, TestCluster } from '@yeoul/testing';
import { expect, test } from 'vitest';

/** Its value is a number, but values of subtasks must not be added up. */
class Greatest implements Accumulator<number, number> {
  readonly kind = 'Greatest';
  #value = 0;

  add(value: number): void {
    this.#value = Math.max(this.#value, value);
  }

  getLocalValue(): number {
    return this.#value;
  }

  resetLocal(): void {
    this.#value = 0;
  }

  merge(other: number): void {
    this.add(other);
  }
}

/** Its value is a list without duplicates; it gives out the list itself. */
class Distinct implements Accumulator<number, number[]> {
  readonly kind: string = 'Distinct';
  #values: number[] = [];

  add(value: number): void {
    if (!this.#values.includes(value)) this.#values.push(value);
    this.#values.sort((a, b) => a - b);
  }

  getLocalValue(): number[] {
    return this.#values;
  }

  resetLocal(): void {
    this.#values.length = 0;
  }

  merge(other: number[]): void {
    for (const value of other) this.add(value);
  }
}

class Unmergeable extends Distinct {
  override readonly kind = 'Unmergeable';

  override merge(): void {
    throw new Error('not today');
  }
}

class Observe extends RichMapFunction<number, number> {
  readonly #accumulators = {
    greatest: new Greatest(),
    distinct: new Distinct(),
    unmergeable: new Unmergeable(),
    records: new LongCounter(),
  };

  override open(context: RuntimeContext): void {
    for (const [name, accumulator] of Object.entries(this.#accumulators)) {
      context.addAccumulator(name, accumulator as Accumulator<unknown, unknown>);
    }
  }

  override map(value: number): number {
    const { greatest, distinct, unmergeable, records } = this.#accumulators;
    greatest.add(value);
    distinct.add(value % 3);
    unmergeable.add(value);
    records.add(1);
    return value;
  }
}

class ObserveGreatest extends RichMapFunction<number, number> {
  readonly #greatest = new Greatest();

  override open(context: RuntimeContext): void {
    context.addAccumulator('greatest', this.#greatest);
  }

  override map(value: number): number {
    this.#greatest.add(value);
    return value;
  }
}

async function observe(parallelism: number): Promise<Readonly<Record<string, unknown>>> {
  await using cluster = await TestCluster.open({ parallelism });
  const { jobId, accumulators } = await cluster.run(async (env) => {
    env.fromSequence(1, 20).rebalance().map(new Observe()).addSink(new DiscardingSink());
    await env.execute();
  });
  const shown = { name: 'greatest', type: 'Greatest', value: 20 };
  const { accumulators: ofJob, vertices } = cluster.detail(jobId);
  const ofVertices = vertices.flatMap((vertex) => vertex.accumulators);
  for (const views of [ofJob, ofVertices]) expect(views.filter(({ name }) => name === 'greatest')).toEqual([shown]);
  return accumulators;
}

test.each([1, 2, 3])('are merged by their own merge(), in %i subtasks', async (parallelism) => {
  expect(await observe(parallelism)).toMatchObject({ greatest: 20, distinct: [0, 1, 2], records: 20 });
});

test('have no result when merge() throws; the job and its other results are not harmed', async () => {
  expect(Object.keys(await observe(2)).sort()).toEqual(['distinct', 'greatest', 'records']);
});

test('of a job that restarted count the last attempts only', async () => {
  await using cluster = await TestCluster.open({ parallelism: 2 });
  const faults = new FaultPlan([7]);
  const { accumulators } = await cluster.run(async (env) => {
    env.enableCheckpointing(10);
    const observed = env.fromSequence(1, 20).rebalance().map(new Observe());
    observed.map(faults.wrap((value: number) => value)).addSink(new DiscardingSink());
    await env.execute();
  });
  expect(accumulators).toMatchObject({ greatest: 20 });
});

test.each(['FAILED', 'CANCELED'])(
  'of a job that is %s in the end are merged as well; while it runs, each subtask is shown',
  async (end) => {
    await using cluster = await TestCluster.open({ parallelism: 2 });
    const switches = { fails: false };
    const jobId = await cluster.submit(async (env) => {
      const observed = env.fromSequence(1, Number.MAX_SAFE_INTEGER).rebalance().map(new ObserveGreatest());
      observed.map((value) => failWhen(switches.fails, value)).addSink(new DiscardingSink());
      await env.execute();
    });
    const shown = () => cluster.detail(jobId).accumulators.find(({ name }) => name === 'greatest')?.value;
    await cluster.awaitRunning(jobId);
    cluster.cluster.requestReports(jobId);
    await cluster.until('both subtasks are shown', () => Array.isArray(shown()));
    expect(shown()).toEqual([expect.any(Number), expect.any(Number)]);
    switches.fails = end === 'FAILED';
    if (end === 'CANCELED') await cluster.cluster.cancel(jobId);
    await cluster.until('the job ended', () => cluster.detail(jobId).state === end);
    expect(shown()).toBeTypeOf('number');
  },
);

function failWhen(fails: boolean, value: number): number {
  if (fails) throw new Error('switched off');
  return value;
}
