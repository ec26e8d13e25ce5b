import { InvalidArgumentError } from 'commander';

/** 0 stands for a free one. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (text !== '' && Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError(`"${text}" is no port, 0 to 65535.`);
}

/** A whole number from 1 on. */
export function parseCount(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError(`"${text}" is no whole number from 1 on.`);
  return value;
}

const MS_BY_UNIT: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 };

/** "500ms", "30s", "5m", "1h"; a bare number is seconds. @returns ms */
export function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|min|m|h)?$/.exec(text.trim());
  if (match === null) throw new InvalidArgumentError(`"${text}" is no time: write 500ms, 30s, 5m or 1h.`);
  return Number(match[1]) * (MS_BY_UNIT[match[2] ?? 's'] ?? 1);
}

/** "a,b" and repeated options give one list. */
export function collectList(text: string, earlier: readonly string[] = []): string[] {
  return [
    ...earlier,
    ...text
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean),
  ];
}
