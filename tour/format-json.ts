// JSON for people: what fits a line stands on one, and plain values share lines.

/** @param width longest line, unless a single value is longer */
export function formatJson(value: unknown, width = 120): string {
  return formatValue(value, width, '', 0);
}

/** @param used what stands on the line before it, or after it, beside the indent */
function formatValue(value: unknown, width: number, indent: string, used: number): string {
  const flat = formatFlat(value);
  const isPlain = typeof value !== 'object' || value === null;
  if (isPlain || indent.length + used + flat.length <= width) return flat;
  const inner = `${indent}  `;
  const items = Array.isArray(value)
    ? value.map((item) => ({ isPlain: isScalar(item), text: formatValue(item, width, inner, 1) }))
    : Object.entries(value).map(([key, item]) => {
        const name = `${JSON.stringify(key)}: `;
        return { isPlain: isScalar(item), text: name + formatValue(item, width, inner, name.length + 1) };
      });
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${fill(items, width - inner.length)
    .map((line) => inner + line)
    .join('\n')}\n${indent}${close}`;
}

interface Item {
  readonly isPlain: boolean;
  readonly text: string;
}

/** Neighbouring plain items share lines of at most the width. */
function fill(items: readonly Item[], width: number): string[] {
  const lines: string[] = [];
  let isOpen = false;
  items.forEach(({ isPlain, text }, at) => {
    const item = at < items.length - 1 ? `${text},` : text;
    const last = lines.at(-1);
    if (isOpen && isPlain && last !== undefined && last.length + 1 + item.length <= width) {
      lines[lines.length - 1] = `${last} ${item}`;
    } else lines.push(item);
    isOpen = isPlain;
  });
  return lines;
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object' || value === null || Object.keys(value).length === 0;
}

function formatFlat(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(formatFlat).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${formatFlat(item)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}
