// Numbers as people read them in a terminal.

/** 1234 → "1.2k", 5_600_000 → "5.6M". */
export function formatCount(value: number): string {
  if (!Number.isFinite(value)) return '-';
  for (const [unit, size] of [
    ['G', 1e9],
    ['M', 1e6],
    ['k', 1e3],
  ] as const) {
    if (Math.abs(value) >= size) return `${(value / size).toFixed(1)}${unit}`;
  }
  return String(Math.round(value));
}

/** 1536 → "1.5 KiB". */
export function formatBytes(bytes: number): string {
  for (const [unit, size] of [
    ['GiB', 2 ** 30],
    ['MiB', 2 ** 20],
    ['KiB', 2 ** 10],
  ] as const) {
    if (bytes >= size) return `${(bytes / size).toFixed(1)} ${unit}`;
  }
  return `${Math.round(bytes)} B`;
}

/** 61_500 → "1m 1s"; below a minute with a digit. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${(ms / 1000).toFixed(1)} s`;
  const parts = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ];
  const units = ['d', 'h', 'm', 's'];
  const first = parts.findIndex((part) => part > 0);
  return parts
    .slice(first, first + 2)
    .map((part, i) => `${part}${units[first + i]}`)
    .join(' ');
}

/** Event time: the clock time it stands for, or what Flink's extremes mean. */
export function formatWatermark(watermarkMs: number | undefined): string {
  if (watermarkMs === undefined || watermarkMs === Number.NEGATIVE_INFINITY) return '-';
  if (watermarkMs === Number.POSITIVE_INFINITY) return 'end';
  return new Date(watermarkMs).toISOString().slice(0, 19).replace('T', ' ');
}

/** Clock time where the reader is: "2026-11-22 10:05:07". */
export function formatTime(epochMs: number): string {
  if (!(epochMs > 0)) return '-';
  const time = new Date(epochMs);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-');
  return `${day} ${[time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':')}`;
}

/** 12345 → "12,345"; to be read exactly. */
export function formatNumber(value: number): string {
  return Number.isFinite(value) ? value.toLocaleString('en-US', { maximumFractionDigits: 3 }) : String(value);
}

/** "1 job", "2 jobs". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}
