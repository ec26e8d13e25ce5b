// User accumulators as pages show them.
import type { AccumulatorView } from '@yeoul/engine/runtime';
import { toJson } from '../http/json.ts';
import { toJavaDouble, toJavaText } from './java-text.ts';

export function toUserAccumulators(
  accumulators: readonly AccumulatorView[],
): { name: string; type: string; value: string }[] {
  return accumulators.map(({ name, type, value }) => ({ name, type, value: toText(type, value) }));
}

/** By name. */
export function toSerializedAccumulators(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toBase64(value)]));
}

function toText(type: string, value: unknown): string {
  return typeof value === 'number' && /^(Double|Average)/.test(type) ? toJavaDouble(value) : toJavaText(value);
}

/** Bytes are the engine's own: JSON, with maps as lists of entries. */
function toBase64(value: unknown): string {
  const plain = value instanceof Map ? [...value] : value instanceof Set ? [...value] : value;
  return Buffer.from(toJson(plain ?? null), 'utf8').toString('base64');
}
