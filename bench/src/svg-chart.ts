// Horizontal bars with the spread of the repetitions on them. Hand-made: a chart library would be a hundred times this file.
import type { Spread } from './statistics.ts';

export interface ChartBar {
  readonly label: string;
  /** Bar length is the median; a line spans min to max. */
  readonly spread: Spread;
  /** Printed behind the bar. */
  readonly note: string;
  readonly color: string;
}

export interface Chart {
  readonly title: string;
  readonly subtitle: string;
  readonly unit: string;
  readonly bars: readonly ChartBar[];
}

const WIDTH = 760;
const LEFT = 90;
const RIGHT = 190;
const TOP = 76;
const ROW = 46;
const BAR = 26;
const FONT = 'font-family="system-ui, sans-serif"';

export function renderChart({ title, subtitle, unit, bars }: Chart): string {
  const height = TOP + bars.length * ROW + 40;
  const largest = Math.max(...bars.map((bar) => bar.spread.max), Number.MIN_VALUE);
  const scale = (value: number): number => (value / largest) * (WIDTH - LEFT - RIGHT);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escapeXml(title)}">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    text(20, 32, 18, '#1b1f24', title, 'font-weight="600"'),
    text(20, 54, 12, '#57606a', subtitle),
    ...bars.map((bar, row) => renderBar(bar, TOP + row * ROW, scale)),
    text(LEFT, height - 16, 11, '#57606a', `${unit}; bar = median, line = min to max`),
    '</svg>',
    '',
  ].join('\n');
}

function renderBar({ label, spread, note, color }: ChartBar, top: number, scale: (value: number) => number): string {
  const middle = top + BAR / 2;
  const [min, median, max] = [spread.min, spread.median, spread.max].map((value) => LEFT + scale(value)) as [
    number,
    number,
    number,
  ];
  return [
    text(LEFT - 10, middle + 5, 14, '#1b1f24', label, 'text-anchor="end"'),
    `<rect x="${LEFT}" y="${top}" width="${(median - LEFT).toFixed(1)}" height="${BAR}" rx="3" fill="${color}"/>`,
    `<path d="M${min.toFixed(1)} ${middle}H${max.toFixed(1)}M${min.toFixed(1)} ${middle - 5}v10M${max.toFixed(1)} ${middle - 5}v10" stroke="#1b1f24" stroke-width="1.5"/>`,
    text(max + 10, middle + 5, 13, '#1b1f24', note),
  ].join('\n');
}

function text(x: number, y: number, size: number, fill: string, content: string, extra = ''): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" font-size="${size}" ${FONT} fill="${fill}" ${extra}>${escapeXml(content)}</text>`;
}

export function escapeXml(value: string): string {
  return value.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
