// JSON Schema of a parameter.
import type { Parameter, ParameterType } from '../parameters.ts';

export function parameterSchema(parameter: Parameter): Readonly<Record<string, unknown>> {
  return parameter.isList === true ? { type: 'array', items: scalarSchema(parameter) } : scalarSchema(parameter);
}

function scalarSchema(parameter: ParameterType): Readonly<Record<string, unknown>> {
  switch (parameter.type) {
    case 'hex32':
      return { type: 'string', pattern: '^[0-9a-fA-F]{32}$' };
    case 'integer':
      return {
        type: 'integer',
        format: 'int32',
        ...(parameter.minimum === undefined ? {} : { minimum: parameter.minimum }),
      };
    case 'long':
      return { type: 'integer', format: 'int64' };
    case 'boolean':
      return { type: 'boolean' };
    case 'enum':
      return { type: 'string', enum: parameter.values };
    case 'string':
      return { type: 'string' };
  }
}
