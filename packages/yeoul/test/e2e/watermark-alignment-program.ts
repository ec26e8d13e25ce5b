// Two sources of one second of records per second of event time, in threads of their own: one is four times as fast as the other.
// Argument "aligned": they are in one watermark group. Prints the widest gap between them in event time.
import { DataGeneratorSource, ProcessFunction, type Program, RateLimiterStrategy, WatermarkStrategy } from 'yeoul';

interface Tick {
  readonly from: 'slow' | 'fast';
  readonly timestampMs: number;
}

const COUNT = 4_000;
const PER_SECOND = { slow: 2_000, fast: 8_000 };

class WidestGap extends ProcessFunction<Tick, string> {
  readonly #reached = { slow: 0, fast: 0 };
  #widestMs = 0;
  #count = 0;

  override processElement({ from, timestampMs }: Tick): void {
    this.#reached[from] = Math.max(this.#reached[from], timestampMs);
    this.#count += 1;
    if (this.#reached.slow < COUNT - 1) {
      this.#widestMs = Math.max(this.#widestMs, this.#reached.fast - this.#reached.slow);
    }
  }

  override close(): void {
    console.log(`gap ${this.#widestMs} of ${this.#count} records`);
  }
}

const program: Program = async (env, [mode]) => {
  env.enableCheckpointing(100);
  env.getConfig().setAutoWatermarkInterval(5);
  const ticks = WatermarkStrategy.forMonotonousTimestamps<Tick>().withTimestampAssigner(
    ({ timestampMs }) => timestampMs,
  );
  const strategy = mode === 'aligned' ? ticks.withWatermarkAlignment('all', 200, 20) : ticks;
  const [slow, fast] = (['slow', 'fast'] as const).map((from) => {
    const rate = RateLimiterStrategy.perSecond(PER_SECOND[from]);
    const source = new DataGeneratorSource<Tick>((index) => ({ from, timestampMs: index }), COUNT, rate);
    return env.fromSource(source, strategy, from).setParallelism(1).slotSharingGroup(from);
  });
  slow!.union(fast!).process(new WidestGap()).setParallelism(1).slotSharingGroup('gap').print();
  await env.execute('gap');
};

export default program;
