// May state written with one type be read by a program that declares another?
//   same          the bytes mean the same: read them as they are
//   migratable    read with the written type, convert every value with migrate(), write with the declared one
//   incompatible  no faithful conversion; `reason` names the place
import type { RowField, TypeInformation } from '../api/type-information.ts';
import { describeType, parseTypeDescription } from './type-description.ts';

export type CompatibilityCheck =
  | { readonly kind: 'same' }
  | { readonly kind: 'migratable'; readonly changes: readonly string[]; readonly migrate: (value: unknown) => unknown }
  | { readonly kind: 'incompatible'; readonly reason: string };

/** @throws SERIALIZED_DATA_INVALID when a description is none */
export function checkCompatibility(written: string, declared: string): CompatibilityCheck {
  const from = parseTypeDescription(written);
  const to = parseTypeDescription(declared);
  if (describeType(from) === describeType(to)) return { kind: 'same' };
  const changes: string[] = [];
  const conversion = convert(from, to, 'the value', changes);
  if (typeof conversion === 'string') return { kind: 'incompatible', reason: conversion };
  return { kind: 'migratable', changes, migrate: conversion };
}

type Conversion = (value: unknown) => unknown;

const keep: Conversion = (value) => value;

/** @returns how to convert a value, or why it cannot be; adds what changes to `changes` */
function convert(from: TypeInformation, to: TypeInformation, path: string, changes: string[]): Conversion | string {
  if (describeType(from) === describeType(to)) return keep;
  if (from.kind === 'row' && to.kind === 'row') return convertRow(from.fields, to.fields, path, changes);
  if (from.kind === 'tuple' && to.kind === 'tuple') return convertTuple(from.elements, to.elements, path, changes);
  if (from.kind === 'list' && to.kind === 'list') return convertList(from.element, to.element, path, changes);
  if (from.kind === 'map' && to.kind === 'map') return convertMap(from, to, path, changes);
  if (from.kind === 'optional' && to.kind === 'optional') return convertOptional(from.inner, to.inner, path, changes);
  if (to.kind === 'optional')
    return noting(convertOptional(from, to.inner, path, changes), `${path} becomes optional`, changes);
  return convertScalar(from, to, path, changes);
}

/** Conversions that lose nothing, as [from, to]. */
const WIDENINGS: readonly (readonly [TypeInformation['kind'], TypeInformation['kind'], Conversion])[] = [
  ['int', 'long', keep],
  ['int', 'double', keep],
  ['long', 'double', keep],
  ['int', 'bigint', (value) => BigInt(value as number)],
  ['long', 'bigint', (value) => BigInt(value as number)],
];

function convertScalar(
  from: TypeInformation,
  to: TypeInformation,
  path: string,
  changes: string[],
): Conversion | string {
  const widening = WIDENINGS.find(([source, target]) => source === from.kind && target === to.kind);
  const conversion = widening?.[2] ?? (to.kind === 'generic' ? keep : undefined);
  if (conversion) return noting(conversion, `${path}: ${from.kind} becomes ${to.kind}`, changes);
  return `${path} was written as ${from.kind} and is declared as ${to.kind}`;
}

function noting(conversion: Conversion | string, change: string, changes: string[]): Conversion | string {
  if (typeof conversion !== 'string') changes.push(change);
  return conversion;
}

function convertRow(
  from: readonly RowField[],
  to: readonly RowField[],
  path: string,
  changes: string[],
): Conversion | string {
  const written = new Map(from.map((field) => [field.name, field.type]));
  const conversions: [string, Conversion][] = [];
  for (const { name, type } of to) {
    const fieldPath = path === 'the value' ? `field '${name}'` : `${path}.${name}`;
    const conversion = convertField(written.get(name), type, fieldPath, changes);
    if (typeof conversion === 'string') return conversion;
    conversions.push([name, conversion]);
  }
  const declared = new Set(to.map((field) => field.name));
  for (const { name } of from) if (!declared.has(name)) changes.push(`field '${name}' is dropped`);
  const kept = (order: readonly RowField[]) =>
    order.map((field) => field.name).filter((name) => written.has(name) && declared.has(name));
  if (kept(from).join('\n') !== kept(to).join('\n')) changes.push(`the fields of ${path} change their order`);
  return (value) =>
    Object.fromEntries(
      conversions.map(([name, conversion]) => [name, conversion((value as Record<string, unknown>)[name])]),
    );
}

/** @param from undefined: the field is new, which only an optional one may be */
function convertField(
  from: TypeInformation | undefined,
  to: TypeInformation,
  path: string,
  changes: string[],
): Conversion | string {
  if (from !== undefined) return convert(from, to, path, changes);
  if (to.kind !== 'optional') return `${path} is new and not optional: declare Types.optional(…)`;
  changes.push(`${path} is added`);
  return () => undefined;
}

function convertTuple(
  from: readonly TypeInformation[],
  to: readonly TypeInformation[],
  path: string,
  changes: string[],
): Conversion | string {
  if (from.length !== to.length)
    return `${path} was written as a tuple of ${from.length} and is declared as one of ${to.length}`;
  const conversions: Conversion[] = [];
  for (const [index, element] of from.entries()) {
    const conversion = convert(element, to[index]!, `${path}[${index}]`, changes);
    if (typeof conversion === 'string') return conversion;
    conversions.push(conversion);
  }
  return (value) => (value as unknown[]).map((item, index) => conversions[index]!(item));
}

function convertList(from: TypeInformation, to: TypeInformation, path: string, changes: string[]): Conversion | string {
  const conversion = convert(from, to, `${path}[]`, changes);
  return typeof conversion === 'string' ? conversion : (value) => (value as unknown[]).map(conversion);
}

interface MapType {
  readonly key: TypeInformation;
  readonly value: TypeInformation;
}

function convertMap(from: MapType, to: MapType, path: string, changes: string[]): Conversion | string {
  const key = convert(from.key, to.key, `${path} (key)`, changes);
  if (typeof key === 'string') return key;
  const item = convert(from.value, to.value, `${path} (value)`, changes);
  if (typeof item === 'string') return item;
  return (value) => new Map([...(value as Map<unknown, unknown>)].map(([k, v]) => [key(k), item(v)]));
}

function convertOptional(
  from: TypeInformation,
  to: TypeInformation,
  path: string,
  changes: string[],
): Conversion | string {
  const conversion = convert(from, to, path, changes);
  if (typeof conversion === 'string') return conversion;
  return (value) => (value === undefined || value === null ? value : conversion(value));
}
