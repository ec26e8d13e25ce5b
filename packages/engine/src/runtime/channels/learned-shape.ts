// Streams without a declared type: most of their records are plain objects of a few shapes. A shape is learned from the first
// record that has it (field names in order, and which fields are numbers, strings or booleans) and gets generated code like
// a declared row. Every later record is checked against the shape before it is written that way; what fits none goes through
// the generic codec.
//   LS1. A record is written by a shape only when it has exactly these own fields, in this order, and the shape's prototype.
//   LS2. Bounded: MAX_SHAPES per writer; a channel is told a shape's definition the first time it meets it.
import type { RowField, TypeInformation } from '../../api/type-information.ts';
import type { ByteSource } from '../../serialization/byte-reader.ts';
import { codecRuntime } from '../../serialization/codec-runtime.ts';
import { type CodecDialect, CodecSource, VALUE_PATH } from '../../serialization/codec-source.ts';
import { isPlainRecord, writeGeneric, writeItemCount } from '../../serialization/generic-codec.ts';
import { readString, writeString } from '../../serialization/string-codec.ts';
import {
  type DictionaryField,
  type DictionarySink,
  type StringDictionary,
  writeDictionaryString,
} from './string-dictionary.ts';

/** Beyond the tags of the generic codec. */
export const ShapeTag = { Text: 200, Known: 201, Define: 202, Array: 203 } as const;

const MAX_SHAPES = 64;
const MAX_FIELDS = 64;
/** Shapes with the same field names before a shape is learned that leaves open the fields in which they differ. */
const MAX_VARIANTS = 3;
/** Values that fitted no shape and could not be learned, after which only the last shape of a place is tried. */
const MAX_SEARCHES = 1_000;
/** Deeper values go through the generic codec, which finds cycles. */
const MAX_DEPTH = 32;

const FIELD_KINDS = ['generic', 'double', 'string', 'boolean'] as const;
type FieldKind = (typeof FIELD_KINDS)[number];
/** Tag and id are written as one uint16. */
const ID_SHIFT_BITS = 8;

/** A place where undeclared values come from; remembers which shape it saw last. */
export class ValueSite {
  last: LearnedShape | undefined = undefined;
  /** Place of the items of arrays that stand here; made when first needed. */
  items: ValueSite | undefined = undefined;
}

/** Writes the value when it fits. @returns false, with nothing written, when it does not */
type TryWrite = (out: DictionarySink, value: object, depth: number) => boolean;

export class LearnedShape {
  readonly id: number;
  readonly names: readonly string[];
  readonly kinds: readonly FieldKind[];
  readonly prototype: unknown;
  readonly tryWrite: TryWrite;
  /** Channels that know the definition; see StringDictionary.told. */
  told = 0;
  toldMore: Set<number> | undefined = undefined;

  constructor(
    id: number,
    names: readonly string[],
    kinds: readonly FieldKind[],
    prototype: unknown,
    registry: ShapeRegistry,
  ) {
    this.id = id;
    this.names = names;
    this.kinds = kinds;
    this.prototype = prototype;
    this.tryWrite = compileTryWrite(this, registry);
  }

  fields(): RowField[] {
    return this.names.map((name, i) => ({ name, type: { kind: this.kinds[i]! } as TypeInformation }));
  }

  /** Tag and id, with the definition where the channel does not know it. */
  writeHeader(out: DictionarySink): void {
    out.reserve(2);
    const isTold = out.toldBit === 0 ? this.toldMore?.has(out.toldIndex) === true : (this.told & out.toldBit) !== 0;
    out.bytes[out.pos++] = isTold ? ShapeTag.Known : ShapeTag.Define;
    out.bytes[out.pos++] = this.id;
    if (!isTold) this.#define(out);
  }

  #define(out: DictionarySink): void {
    out.reserve(1);
    out.bytes[out.pos++] = this.names.length;
    this.names.forEach((name, i) => {
      writeString(out, name);
      out.reserve(1);
      out.bytes[out.pos++] = FIELD_KINDS.indexOf(this.kinds[i]!);
    });
    if (out.toldBit === 0) (this.toldMore ??= new Set()).add(out.toldIndex);
    else this.told |= out.toldBit;
  }
}

/** The shapes of one writer. */
export class ShapeRegistry {
  readonly dictionary: StringDictionary;
  readonly #shapes: LearnedShape[] = [];
  readonly #variants = new Map<string, LearnedShape[]>();
  #searchesLeft = MAX_SEARCHES;

  constructor(dictionary: StringDictionary) {
    this.dictionary = dictionary;
  }

  /** Writes any value; readValue reads it. */
  readonly writeValue = (out: DictionarySink, site: ValueSite, value: unknown, depth: number): void => {
    if (typeof value === 'object' && value !== null && depth < MAX_DEPTH) {
      if (site.last?.tryWrite(out, value, depth + 1)) return;
      this.#writeObject(out, site, value, depth + 1);
    } else writeGeneric(out, value);
  };

  #writeObject(out: DictionarySink, site: ValueSite, value: object, depth: number): void {
    if (Array.isArray(value)) this.#writeArray(out, site, value, depth);
    else if (!isPlainRecord(value)) writeGeneric(out, value);
    else if (!this.#tryShapes(out, site, value, depth)) writeGeneric(out, value);
  }

  #writeArray(out: DictionarySink, site: ValueSite, items: readonly unknown[], depth: number): void {
    site.items ??= new ValueSite();
    writeItemCount(out, ShapeTag.Array, items.length);
    for (const item of items) this.writeValue(out, site.items, item, depth);
  }

  #tryShapes(out: DictionarySink, site: ValueSite, value: object, depth: number): boolean {
    if (this.#searchesLeft === 0) return false;
    for (const shape of this.#shapes) {
      if (shape.tryWrite(out, value, depth)) {
        site.last = shape;
        return true;
      }
    }
    const shape = this.#learn(value);
    if (shape?.tryWrite(out, value, depth)) {
      site.last = shape;
      return true;
    }
    this.#searchesLeft--;
    return false;
  }

  #learn(value: object): LearnedShape | undefined {
    const names = Object.keys(value);
    if (this.#shapes.length >= MAX_SHAPES || names.length === 0 || names.length > MAX_FIELDS) return undefined;
    const signature = JSON.stringify(names);
    const variants = this.#variants.get(signature) ?? [];
    const record = value as Readonly<Record<string, unknown>>;
    const kinds = names.map((name, i) =>
      kindOf(record[name], variants.length < MAX_VARIANTS ? [] : variants.map((shape) => shape.kinds[i]!)),
    );
    const shape = new LearnedShape(this.#shapes.length, names, kinds, Object.getPrototypeOf(value), this);
    this.#shapes.push(shape);
    this.#variants.set(signature, [...variants, shape]);
    return shape;
  }

  /** Every channel is told again: what it was told may have stood in an abandoned record. */
  forgetTold(): void {
    for (const shape of this.#shapes) {
      shape.told = 0;
      shape.toldMore = undefined;
    }
  }
}

/** @param earlier kinds of the same field in other variants: a field that differs is left open */
function kindOf(value: unknown, earlier: readonly FieldKind[]): FieldKind {
  const type = typeof value;
  const kind = type === 'number' ? 'double' : type === 'string' || type === 'boolean' ? type : 'generic';
  return earlier.every((other) => other === kind) ? kind : 'generic';
}

// ---- generated code ------------------------------------------------------------------------------------------------------

function compileTryWrite(shape: LearnedShape, registry: ShapeRegistry): TryWrite {
  const strings: DictionaryField[] = [];
  const sites: ValueSite[] = [];
  const dialect: CodecDialect = {
    writeString: (expression) =>
      `rt.writeDictionaryString(out, strings[${strings.push(registry.dictionary.createField()) - 1}], ${expression});`,
    writeGeneric: (expression) =>
      `registry.writeValue(out, sites[${sites.push(new ValueSite()) - 1}], ${expression}, depth);`,
    readString: () => '',
    readGeneric: () => '',
  };
  const fields = shape.fields();
  const body = new CodecSource(dialect).write({ kind: 'row', fields }, 'value', VALUE_PATH);
  const factory = new Function(
    'shape',
    'names',
    'prototype',
    'registry',
    'strings',
    'sites',
    'rt',
    `"use strict";
return function tryWrite(out, value, depth) {
  if (Object.getPrototypeOf(value) !== prototype) return false;
  let n = 0;
  for (const name in value) if (name !== names[n++]) return false;
  if (n !== ${fields.length}) return false;
  ${fields.map(guardOf).join('\n')}
  let p = 0, view = out.view;
  if ((shape.told & out.toldBit) !== 0) {
    if (out.pos + 2 > out.limit) out.reserve(2);
    out.view.setUint16(out.pos, ${ShapeTag.Known | (shape.id << ID_SHIFT_BITS)}, true);
    out.pos += 2;
  } else shape.writeHeader(out);
  ${body}
  return true;
};`,
  );
  const rt = { ...codecRuntime, writeDictionaryString };
  return factory(shape, shape.names, shape.prototype, registry, strings, sites, rt) as TryWrite;
}

function guardOf(field: RowField): string {
  const access = `value[${JSON.stringify(field.name)}]`;
  switch (field.type.kind) {
    case 'double':
      return `if (typeof ${access} !== 'number') return false;`;
    case 'string':
    case 'boolean':
      return `if (typeof ${access} !== '${field.type.kind}') return false;`;
    default:
      return '';
  }
}

/** Reads one value of a shape whose header was taken. */
export type ShapeReader = (input: ByteSource) => unknown;

/** @param rt must hold readDictionaryString and readValue */
export function readShapeDefinition(input: ByteSource, rt: object): ShapeReader {
  const count = input.bytes[input.pos++]!;
  const fields: RowField[] = [];
  for (let i = 0; i < count; i++) {
    const name = readString(input);
    fields.push({ name, type: { kind: FIELD_KINDS[input.bytes[input.pos++]!]! } as TypeInformation });
  }
  const dialect: CodecDialect = {
    readString: () => 'rt.readDictionaryString(input)',
    readGeneric: () => 'rt.readValue(input)',
    writeString: () => '',
    writeGeneric: () => '',
  };
  const read = new CodecSource(dialect).read({ kind: 'row', fields });
  const source = `"use strict";\nreturn function readShape(input) { let p = 0, view = input.view;\n${read.statements}\nreturn ${read.expression};\n};`;
  return new Function('rt', source)(rt) as ShapeReader;
}
