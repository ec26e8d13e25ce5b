import { expect, test } from 'vitest';
import { decideProgram, decideRun } from '../../src/jars/jar-request.ts';

const noQuery = {
  'program-args': undefined,
  programArg: undefined,
  'entry-class': undefined,
  parallelism: undefined,
  savepointPath: undefined,
  allowNonRestoredState: undefined,
};
const nothing = {
  entryClass: undefined,
  args: [],
  parallelism: undefined,
  jobId: undefined,
  savepointPath: undefined,
  allowNonRestoredState: false,
};

test('nothing given asks for nothing', () => {
  expect(decideRun(noQuery, {})).toEqual(nothing);
  expect(decideRun({ ...noQuery, savepointPath: '', 'entry-class': '' }, { entryClass: null })).toEqual(nothing);
});

test('the body wins over the query, field by field; empty texts are none', () => {
  const query = {
    ...noQuery,
    programArg: ['q'],
    'entry-class': 'Query',
    parallelism: 2,
    savepointPath: '/q',
    allowNonRestoredState: true,
  };
  expect(decideRun(query, { entryClass: 'Body', savepointPath: '', allowNonRestoredState: false })).toEqual({
    ...nothing,
    entryClass: 'Body',
    args: ['q'],
    parallelism: 2,
    savepointPath: '/q',
  });
  expect(decideRun(query, { programArgsList: [], parallelism: 3, jobId: 'AB'.repeat(16) })).toMatchObject({
    args: [],
    parallelism: 3,
    jobId: 'ab'.repeat(16),
  });
});

test('arguments come in one text or in a list, not in both', () => {
  expect(decideProgram({ ...noQuery, 'program-args': '--a "b c"' }, {}, 'X').args).toEqual(['--a', 'b c']);
  expect(decideProgram(noQuery, { programArgs: 'x y' }, 'X').args).toEqual(['x', 'y']);
  expect(() => decideProgram({ ...noQuery, programArg: ['q'] }, { programArgs: 'x' }, 'X')).toThrow(
    'Confusing request: programArgs and programArgsList are specified, please, use only programArgsList',
  );
});

test('parallelism is at least one, or -1 for the default', () => {
  expect(decideProgram({ ...noQuery, parallelism: -1 }, {}, 'X').parallelism).toBeUndefined();
  expect(() => decideProgram({ ...noQuery, parallelism: 0 }, {}, 'X')).toThrow('Parallelism 0 must be at least one');
  expect(() => decideProgram(noQuery, { parallelism: 2 ** 31 }, 'X')).toThrow('expected format X');
});

test('a job id that is none does not match', () => {
  expect(() => decideRun(noQuery, { jobId: 'zz' })).toThrow('Request did not match expected format JarRunRequestBody.');
});
