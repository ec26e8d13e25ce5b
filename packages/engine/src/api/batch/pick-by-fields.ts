// minBy and maxBy: the record whose fields, compared one after the other, are least or greatest. The first of equals stays.
import { appError } from '../../errors.ts';
import type { Field } from '../../graph/batch/record-key.ts';
import { type RecordShape, resolveField } from './record-shape.ts';

export function pickByFields<T>(fields: readonly Field[], shape: RecordShape, end: 'min' | 'max'): (a: T, b: T) => T {
  if (fields.length === 0) throw appError('INVALID_KEY', [`${end}By`, 'nothing']);
  const readers = fields.map((field) => resolveField(shape, field).read);
  return (a, b) => {
    for (const read of readers) {
      const [left, right] = [read(a) as number, read(b) as number];
      if (left === right) continue;
      return left < right === (end === 'min') ? a : b;
    }
    return a;
  };
}
