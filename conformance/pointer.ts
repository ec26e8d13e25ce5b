import type { Pointer } from './scenario.ts';

/** The values that a pointer names; none when there is nothing. */
export function valuesAt(body: unknown, pointer: Pointer): unknown[] {
  let found: unknown[] = [body];
  for (const step of pointer.split('.')) {
    found = found.flatMap((value) => (step === '*' ? elementsOf(value) : childOf(value, step)));
  }
  return found;
}

function elementsOf(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

function childOf(value: unknown, key: string): unknown[] {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return [];
  return [(value as Readonly<Record<string, unknown>>)[key]];
}
