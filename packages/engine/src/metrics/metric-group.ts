// The metrics a user's function registers in one operator and subtask. Sampled by snapshot(); the hot path only counts.
import type { Counter, Gauge, Histogram, Meter, MetricGroup } from '../api/metrics.ts';
import type { Clock } from '../clock.ts';
import { SimpleCounter } from './counter.ts';
import { WindowHistogram } from './histogram.ts';
import { WindowMeter } from './meter.ts';

type Sampler = (into: Record<string, number | string>) => void;

/** Quantiles a histogram reports, with the names Flink gives them. */
const QUANTILES = [
  ['median', 0.5],
  ['p75', 0.75],
  ['p90', 0.9],
  ['p95', 0.95],
  ['p98', 0.98],
  ['p99', 0.99],
  ['p999', 0.999],
] as const;

export class SlotMetricGroup implements MetricGroup {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #prefix: string;
  /** Shared by a group and those made from it. */
  readonly #samplers: Map<string, Sampler>;

  constructor(clock: Pick<Clock, 'monotonicMs'>, prefix = '', samplers = new Map<string, Sampler>()) {
    this.#clock = clock;
    this.#prefix = prefix;
    this.#samplers = samplers;
  }

  counter(name: string): Counter {
    const counter = new SimpleCounter();
    this.#register(name, (into, key) => {
      into[key] = counter.getCount();
    });
    return counter;
  }

  gauge<T>(name: string, gauge: Gauge<T> | (() => T)): Gauge<T> {
    const registered = typeof gauge === 'function' ? { getValue: gauge } : gauge;
    this.#register(name, (into, key) => {
      into[key] = sampleGauge(registered);
    });
    return registered;
  }

  meter(name: string): Meter {
    const meter = new WindowMeter(() => this.#clock.monotonicMs());
    this.#register(name, (into, key) => {
      into[key] = meter.getRate();
    });
    return meter;
  }

  histogram(name: string): Histogram {
    const histogram = new WindowHistogram();
    this.#register(name, (into, key) => {
      const statistics = histogram.getStatistics();
      into[`${key}_count`] = histogram.getCount();
      into[`${key}_min`] = statistics.min;
      into[`${key}_max`] = statistics.max;
      into[`${key}_mean`] = statistics.mean;
      into[`${key}_stddev`] = statistics.stddev;
      for (const [suffix, quantile] of QUANTILES) into[`${key}_${suffix}`] = statistics.getQuantile(quantile);
    });
    return histogram;
  }

  addGroup(name: string, value?: string): MetricGroup {
    const scope = value === undefined ? name : `${name}.${value}`;
    return new SlotMetricGroup(this.#clock, `${this.#prefix}${scope}.`, this.#samplers);
  }

  /** Values by name, groups joined with dots. */
  snapshot(): Record<string, number | string> {
    const values: Record<string, number | string> = {};
    for (const sample of this.#samplers.values()) sample(values);
    return values;
  }

  /** The first registration of a name stays, as in Flink. */
  #register(name: string, sample: (into: Record<string, number | string>, key: string) => void): void {
    const key = `${this.#prefix}${name}`;
    if (!this.#samplers.has(key)) this.#samplers.set(key, (into) => sample(into, key));
  }
}

/** A gauge is user code: one that throws must not end the report. */
function sampleGauge(gauge: Gauge): number | string {
  try {
    const value = gauge.getValue();
    return typeof value === 'number' ? value : String(value);
  } catch (error) {
    return `error: ${String(error)}`;
  }
}
