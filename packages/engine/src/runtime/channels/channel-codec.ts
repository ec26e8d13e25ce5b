// How records of one edge look inside a run: [timestamp] [key] value. The key is sent only when the reader cannot take it
// from a field of the record. Strings go through the channel's dictionary.
import type { TypeInformation } from '../../api/type-information.ts';
import { fieldOfSelector } from '../../graph/key-access.ts';
import type { Partitioner } from '../../graph/transformation.ts';
import { type CodecDialect, CodecSource, fieldPath, VALUE_PATH } from '../../serialization/codec-source.ts';
import { KEY_ID_MASK } from './key-router.ts';
import { FIRST_FORM, readStringSource } from './string-dictionary.ts';

/** Where a keyed reader finds the key. */
export type KeyPlan =
  | { readonly kind: 'none' }
  /** A field of a row or an element of a tuple. @property path as the codec calls it; @property access appended to the record */
  | { readonly kind: 'field'; readonly path: string; readonly access: string }
  /** Sent before the record. */
  | { readonly kind: 'sent'; readonly type: TypeInformation };

const GENERIC: TypeInformation = { kind: 'generic' };

/**
 * A field stands for the key only when the declared row or tuple carries it: undeclared records lose their class and its
 * getters on the way, and a row leaves out fields that it does not declare.
 */
export function planKey(partitioner: Partitioner, type: TypeInformation | undefined): KeyPlan {
  if (partitioner.kind !== 'hash') return { kind: 'none' };
  return carriedKey(fieldOfSelector(partitioner.keySelector), type) ?? sentKey(partitioner.keyType);
}

function carriedKey(field: string | number | undefined, type: TypeInformation | undefined): KeyPlan | undefined {
  if (type?.kind === 'row' && type.fields.some(({ name }) => name === field)) {
    return { kind: 'field', path: fieldPath(VALUE_PATH, String(field)), access: `[${JSON.stringify(field)}]` };
  }
  if (type?.kind === 'tuple' && typeof field === 'number' && field < type.elements.length) {
    return { kind: 'field', path: `${VALUE_PATH}[${field}]`, access: `[${field}]` };
  }
  return undefined;
}

function sentKey(type: TypeInformation | undefined): KeyPlan {
  return { kind: 'sent', type: type ?? GENERIC };
}

/** Generated text of the writing side, with the number of dictionary fields it uses as `fields[i]`. */
export interface WriteSource {
  readonly statements: string;
  readonly fieldCount: number;
  /** Places of undeclared values, used as `sites[i]`. */
  readonly siteCount: number;
}

/**
 * Statements that write `[key] value` to `out`.
 * @param hasKeyCell `known` is the key-router's value of a string key, or -1; then `keyCell` is its cell in the dictionary, or -1
 */
export function writeSource(type: TypeInformation | undefined, key: KeyPlan, hasKeyCell: boolean): WriteSource {
  let fieldCount = 0;
  let siteCount = 0;
  const writeValue = (expression: string) => `registry.writeValue(out, sites[${siteCount++}], ${expression}, 0);`;
  const writeFound = (expression: string) => `rt.writeDictionaryString(out, fields[${fieldCount++}], ${expression});`;
  const writeKey = (expression: string) =>
    `if (known >= 0) rt.writeStringId(out, known & ${KEY_ID_MASK});\nelse rt.writeKnown(out, dictionary, keyCell, ${expression});`;
  const dialectFor = (isKey: (path: string) => boolean): CodecDialect => ({
    writeString: (expression, path) => (hasKeyCell && isKey(path) ? writeKey(expression) : writeFound(expression)),
    readString: () => '',
    writeGeneric: (expression, path) =>
      hasKeyCell && isKey(path)
        ? `if (typeof ${expression} === 'string') { rt.writeTextTag(out); ${writeKey(expression)} } else ${writeValue(expression)}`
        : writeValue(expression),
    readGeneric: () => '',
  });
  const statements: string[] = [];
  if (key.kind === 'sent') statements.push(new CodecSource(dialectFor(() => true)).write(key.type, 'key', 'the key'));
  const isKeyField = (path: string) => key.kind === 'field' && path === key.path;
  statements.push(new CodecSource(dialectFor(isKeyField), 'v').write(type ?? GENERIC, 'value', VALUE_PATH));
  return { statements: statements.join('\n'), fieldCount, siteCount };
}

export interface ReadSource {
  readonly statements: string;
  readonly value: string;
  /** Expression of the key; undefined for edges without one. */
  readonly key: string | undefined;
  /** Expression of the key's id as setCurrentKey takes it. */
  readonly keyId: string;
}

/** @param keyPath the string whose dictionary id is kept as `keyId` */
function readDialect(keyPath: string | undefined): CodecDialect {
  return {
    writeString: () => '',
    readString: (path) =>
      path === keyPath
        ? `${readStringSource('keyId')};\nif (keyId >= ${FIRST_FORM}) keyId = input.stringId`
        : 'rt.readDictionaryString(input)',
    writeGeneric: () => '',
    readGeneric: () => 'rt.readValue(input)',
  };
}

/** Statements that read `[key] value` from `input`. */
export function readSource(type: TypeInformation | undefined, key: KeyPlan): ReadSource {
  const keyPath = key.kind === 'field' ? key.path : undefined;
  const value = new CodecSource(readDialect(keyPath), 'v').read(type ?? GENERIC);
  const read = `${value.statements}\nconst value = ${value.expression};`;
  const statements = keyPath !== undefined && read.includes('(keyId =') ? `let keyId = -1;\n${read}` : read;
  switch (key.kind) {
    case 'none':
      return { statements, value: 'value', key: undefined, keyId: '-1' };
    case 'field':
      return {
        statements,
        value: 'value',
        key: `value${key.access}`,
        keyId: statements === read ? '-1' : 'keyId',
      };
    case 'sent': {
      const sent = new CodecSource(readDialect(undefined), 'k').read(key.type);
      return {
        statements: `input.stringId = -1;\n${sent.statements}\nconst key = ${sent.expression};\nconst keyId = input.stringId;\n${statements}`,
        value: 'value',
        key: 'key',
        keyId: 'keyId',
      };
    }
  }
}
