import { appError } from '../../errors.ts';
import type { ForwardedFields } from '../../graph/batch/forwarded-fields.ts';
import type { Field } from '../../graph/batch/record-key.ts';
import { checkField } from './keys.ts';
import { type RecordShape, resolveField } from './record-shape.ts';

/** @returns the projection to tuples, and where the fields went */
export function projectFields(
  fields: readonly Field[],
  shape: RecordShape,
): { readonly fn: (record: unknown) => unknown[]; readonly forwarded: ForwardedFields } {
  if (fields.length === 0) throw appError('INVALID_KEY', ['project', 'nothing']);
  const resolved = fields.map((field) => resolveField(shape, checkField(field, shape, 'project')));
  const targets = new Map(resolved.map(({ field }, target): [Field, Field] => [field, target]));
  return {
    fn: (record) => resolved.map(({ read }) => read(record)),
    forwarded: { kind: 'some', targets },
  };
}
