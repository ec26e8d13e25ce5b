// User metrics, with Flink's names.

export interface Counter {
  inc(n?: number): void;
  dec(n?: number): void;
  getCount(): number;
}

export interface Gauge<T = unknown> {
  getValue(): T;
}

export interface Meter {
  markEvent(n?: number): void;
  /** Events per second. */
  getRate(): number;
  getCount(): number;
}

export interface HistogramStatistics {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly stddev: number;
  /** @param quantile in [0, 1] */
  getQuantile(quantile: number): number;
}

export interface Histogram {
  update(value: number): void;
  getCount(): number;
  getStatistics(): HistogramStatistics;
}

export interface MetricGroup {
  counter(name: string): Counter;
  gauge<T>(name: string, gauge: Gauge<T> | (() => T)): Gauge<T>;
  meter(name: string): Meter;
  histogram(name: string): Histogram;
  addGroup(name: string, value?: string): MetricGroup;
}
