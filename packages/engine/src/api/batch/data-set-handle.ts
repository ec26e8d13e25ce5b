// The side of a data set that does not depend on the type of its records: what other operators are built on. Internal.
import type { BatchOperator } from '../../graph/batch/batch-operator.ts';
import type { BatchProgram } from './batch-program.ts';
import type { DataSet } from './data-set.ts';
import type { RecordShape } from './record-shape.ts';

export interface DataSetHandle {
  readonly program: BatchProgram;
  readonly operator: BatchOperator;
  readonly shape: RecordShape;
  derive<R>(operator: BatchOperator, shape: RecordShape, configured?: BatchOperator): DataSet<R>;
  addKeyExtractor(select: (record: never) => unknown): DataSet<unknown>;
}
