// Types as canonical text: recorded with every state, read back when it is restored.
import type { TypeInformation } from '../api/type-information.ts';
import { appError } from '../errors.ts';

/** Canonical JSON: the same type always gives the same text. */
export function describeType(type: TypeInformation): string {
  return JSON.stringify(canonical(type));
}

/** @throws SERIALIZED_DATA_INVALID when the text is no description */
export function parseTypeDescription(description: string): TypeInformation {
  try {
    return canonical(JSON.parse(description) as TypeInformation);
  } catch (cause) {
    throw appError('SERIALIZED_DATA_INVALID', [`"${description}" describes no type`], { cause });
  }
}

/** A copy with only the known members, in fixed order. */
function canonical(type: TypeInformation): TypeInformation {
  switch (type.kind) {
    case 'row':
      return { kind: 'row', fields: type.fields.map((field) => ({ name: field.name, type: canonical(field.type) })) };
    case 'tuple':
      return { kind: 'tuple', elements: type.elements.map(canonical) };
    case 'list':
      return { kind: 'list', element: canonical(type.element) };
    case 'map':
      return { kind: 'map', key: canonical(type.key), value: canonical(type.value) };
    case 'optional':
      return { kind: 'optional', inner: canonical(type.inner) };
    case 'int':
    case 'long':
    case 'double':
    case 'boolean':
    case 'string':
    case 'bytes':
    case 'bigint':
    case 'date':
    case 'generic':
      return { kind: type.kind };
    default:
      throw new Error(`unknown kind ${JSON.stringify((type as { kind: unknown }).kind)}`);
  }
}
