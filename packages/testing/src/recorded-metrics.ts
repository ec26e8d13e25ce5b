// A metric group that keeps what is registered, by dotted name.
import type { Counter, Gauge, Histogram, HistogramStatistics, Meter, MetricGroup } from '@yeoul/engine';

export class RecordedMetrics implements MetricGroup {
  readonly #prefix: string;
  readonly #all: Map<string, Counter | Gauge | Histogram | Meter>;

  constructor(prefix = '', all = new Map<string, Counter | Gauge | Histogram | Meter>()) {
    this.#prefix = prefix;
    this.#all = all;
  }

  counter(name: string): Counter {
    return this.#getOrAdd(name, createCounter);
  }

  gauge<T>(name: string, gauge: Gauge<T> | (() => T)): Gauge<T> {
    const given = typeof gauge === 'function' ? { getValue: gauge } : gauge;
    this.#all.set(this.#prefix + name, given);
    return given;
  }

  meter(name: string): Meter {
    return this.#getOrAdd(name, createMeter);
  }

  histogram(name: string): Histogram {
    return this.#getOrAdd(name, createHistogram);
  }

  addGroup(name: string, value?: string): MetricGroup {
    return new RecordedMetrics(`${this.#prefix}${name}.${value === undefined ? '' : `${value}.`}`, this.#all);
  }

  /** Undefined: there is no gauge of that name. */
  gaugeValue(name: string): unknown {
    const metric = this.#all.get(name);
    return metric !== undefined && 'getValue' in metric ? metric.getValue() : undefined;
  }

  /** Count of a counter or meter; 0 when there is none of that name. */
  count(name: string): number {
    const metric = this.#all.get(name);
    return metric !== undefined && 'getCount' in metric ? metric.getCount() : 0;
  }

  /** Full names of all metrics. */
  names(): readonly string[] {
    return [...this.#all.keys()];
  }

  #getOrAdd<M extends Counter | Histogram | Meter>(name: string, create: () => M): M {
    const full = this.#prefix + name;
    const metric = this.#all.get(full) ?? create();
    this.#all.set(full, metric);
    return metric as M;
  }
}

function createCounter(): Counter {
  let count = 0;
  return {
    inc(n = 1) {
      count += n;
    },
    dec(n = 1) {
      count -= n;
    },
    getCount: () => count,
  };
}

function createMeter(): Meter {
  let count = 0;
  return {
    markEvent(n = 1) {
      count += n;
    },
    getRate: () => 0,
    getCount: () => count,
  };
}

function createHistogram(): Histogram {
  const values: number[] = [];
  return {
    update(value) {
      values.push(value);
    },
    getCount: () => values.length,
    getStatistics: () => statisticsOf(values),
  };
}

function statisticsOf(values: readonly number[]): HistogramStatistics {
  const sorted = [...values].sort((a, b) => a - b);
  const mean = sorted.reduce((sum, value) => sum + value, 0) / (sorted.length || 1);
  const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (sorted.length || 1);
  return {
    count: sorted.length,
    min: sorted[0] ?? Number.NaN,
    max: sorted[sorted.length - 1] ?? Number.NaN,
    mean,
    stddev: Math.sqrt(variance),
    getQuantile: (quantile) => sorted[Math.min(sorted.length - 1, Math.floor(quantile * sorted.length))] ?? Number.NaN,
  };
}
