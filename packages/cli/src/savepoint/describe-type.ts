// A recorded serializer as people write types: {"kind":"row",…} → {word: string, count: int}.
import type { TypeInformation } from '@yeoul/engine';

/** @param description as it stands in _metadata */
export function describeSerializer(description: string): string {
  try {
    return describe(JSON.parse(description) as TypeInformation);
  } catch {
    return description;
  }
}

function describe(type: TypeInformation): string {
  switch (type.kind) {
    case 'row':
      return `{${type.fields.map((field) => `${field.name}: ${describe(field.type)}`).join(', ')}}`;
    case 'tuple':
      return `[${type.elements.map(describe).join(', ')}]`;
    case 'list':
      return `${describe(type.element)}[]`;
    case 'map':
      return `Map<${describe(type.key)}, ${describe(type.value)}>`;
    case 'optional':
      return `${describe(type.inner)}?`;
    case 'generic':
      return 'any';
    default:
      return type.kind;
  }
}
