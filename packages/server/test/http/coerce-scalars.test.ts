// Cases are what a real Flink 1.9.2 took and refused.
import { jarEndpoints, savepointEndpoints } from '@yeoul/contract';
import { Check } from 'typebox/value';
import { expect, test } from 'vitest';
import { coerceScalars } from '../../src/http/coerce-scalars.ts';

const trigger = savepointEndpoints.triggerSavepoint.body?.schema;
const run = jarEndpoints.runJar.body?.schema;
if (trigger === undefined || run === undefined) throw new Error('without a body');

test.each<[typeof trigger | typeof run, object, object | 'refused']>([
  [trigger, { 'cancel-job': 'true' }, { 'cancel-job': true }],
  [trigger, { 'cancel-job': 'True' }, { 'cancel-job': true }],
  [trigger, { 'cancel-job': 'False' }, { 'cancel-job': false }],
  [trigger, { 'cancel-job': 1 }, { 'cancel-job': true }],
  [trigger, { 'cancel-job': 0 }, { 'cancel-job': false }],
  [trigger, { 'cancel-job': 'TRUE' }, 'refused'],
  [trigger, { 'cancel-job': '1' }, 'refused'],
  [trigger, { 'cancel-job': 1.5 }, 'refused'],
  [trigger, { 'cancel-job': [true] }, 'refused'],
  [trigger, { 'target-directory': ['/x'] }, 'refused'],
  [run, { parallelism: '2' }, { parallelism: 2 }],
  [run, { parallelism: ' 2 ' }, { parallelism: 2 }],
  [run, { parallelism: '' }, { parallelism: null }],
  [run, { parallelism: 2.7 }, { parallelism: 2 }],
  [run, { parallelism: true }, 'refused'],
  [run, { parallelism: 'x' }, 'refused'],
  [run, { parallelism: Number.POSITIVE_INFINITY }, 'refused'],
  [run, { entryClass: 5 }, { entryClass: '5' }],
  [run, { entryClass: true }, { entryClass: 'true' }],
  [run, { programArgsList: [1, true] }, { programArgsList: ['1', 'true'] }],
  [run, { programArgsList: [['a']] }, 'refused'],
  [run, { programArgsList: 'a' }, 'refused'],
  [run, { programArgs: { a: 1 } }, 'refused'],
  [run, { allowNonRestoredState: 'yes' }, 'refused'],
  [run, JSON.parse('{"__proto__": 1}'), 'refused'],
])('%#: %j', (schema, given, taken) => {
  const value = coerceScalars(schema, given);
  expect(Check(schema, value) ? value : 'refused').toEqual(taken);
});
