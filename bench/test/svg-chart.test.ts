import { expect, test } from 'vitest';
import { escapeXml, renderChart } from '../src/svg-chart.ts';

const chart = {
  title: 'a < b',
  subtitle: 'parallelism 2',
  unit: 'records per second',
  bars: [
    { label: 'one', spread: { min: 1, median: 2, max: 4 }, note: '2', color: '#111111' },
    { label: 'two', spread: { min: 1, median: 1, max: 1 }, note: '1', color: '#222222' },
  ],
};

test('bar lengths are proportional to the medians and the longest line fits the picture', () => {
  const svg = renderChart(chart);
  const widths = [...svg.matchAll(/<rect x="90" y="\d+" width="([\d.]+)"/g)].map((match) => Number(match[1]));
  expect(widths).toEqual([240, 120]);
  expect(svg).toContain('H570.0');
});

test('text is escaped, also in the attribute that screen readers get', () => {
  const svg = renderChart(chart);
  expect(svg).toContain('aria-label="a &#60; b"');
  expect(escapeXml(`<&>"'`)).toBe('&#60;&#38;&#62;&#34;&#39;');
});

test('a chart without bars, or of zeros only, has no NaN in it', () => {
  const zero = { ...chart.bars[0]!, spread: { min: 0, median: 0, max: 0 } };
  expect(renderChart({ ...chart, bars: [] })).not.toMatch(/NaN|Infinity/);
  expect(renderChart({ ...chart, bars: [zero] })).not.toMatch(/NaN|Infinity/);
});
