import { describe, expect, test } from 'vitest';
import { compareAnswers } from '../compare-answers.ts';
import { IdNames } from '../id-names.ts';

const [JOB, OTHER, THIRD] = ['7bf83cc75065683e8e97b12cd94ff774', '1deda266579400c85299891d88bee556', 'f'.repeat(32)];

describe('what is as documented', () => {
  test.each<readonly [string, unknown, unknown]>([
    ['equal answers', { status: { id: 'COMPLETED' }, operation: {} }, { status: { id: 'COMPLETED' }, operation: {} }],
    ['other moments', { 'start-time': 1577332795733, now: 1 }, { 'start-time': 1795350949418, now: 2 }],
    [
      'states entered at other times',
      { timestamps: { RUNNING: 5, FAILED: 0 } },
      { timestamps: { RUNNING: 9, FAILED: 0 } },
    ],
    ['other durations and sizes', { duration: 773, state_size: 8077 }, { duration: 0, state_size: 1 }],
    ['other counts of records', { 'write-records': 906680 }, { 'write-records': 12 }],
    ['metrics as texts', [{ id: 'uptime', value: '4210' }], [{ id: 'uptime', value: '0' }]],
    ['one id for another', { jobid: JOB }, { jobid: OTHER }],
    ['ids as keys', { tasks: { [JOB]: {} } }, { tasks: { [OTHER]: {} } }],
    ['ids within texts', 'file:/tmp/savepoint-7bf83c-a3c8c5190b01', 'file:/tmp/savepoint-122dfb-0123456789ab'],
    ['folders of checkpoints', `file:/data/${JOB}/chk-2`, `file:/data/${JOB}/chk-13`],
    ['a text that is cut', 'Job at …', 'Job at Thu Dec 26'],
    ['a list that is cut', [1, '…'], [1, 2, 3]],
    [
      'a checkpoint under way',
      { history: [{ status: 'COMPLETED' }] },
      { history: [{ status: 'IN_PROGRESS' }, { status: 'COMPLETED' }] },
    ],
  ])('%s', (_, documented, actual) => {
    expect(compareAnswers(documented, actual)).toEqual([]);
  });
});

describe('what is not as documented', () => {
  test.each<readonly [string, unknown, unknown, string]>([
    ['a key that is missing', { a: 1, b: 2 }, { a: 1 }, 'the answer: keys a; documented are a, b'],
    ['a key more', { a: 1 }, { a: 1, b: 2 }, 'the answer: keys a, b; documented are a'],
    ['another name of a key', { job: { jid: 1 } }, { job: { jobid: 1 } }, 'job: keys jobid; documented are jid'],
    ['another order of keys', { a: 1, b: 2 }, { b: 2, a: 1 }, 'the answer: keys b, a; documented are a, b'],
    [
      'a number as text',
      { parallelism: 1 },
      { parallelism: '1' },
      'parallelism: "1" is a text, documented is a number',
    ],
    [
      'nothing instead of an object',
      { restored: {} },
      { restored: null },
      'restored: null is null, documented is an object',
    ],
    ['an object instead of a list', { inputs: [] }, { inputs: {} }, 'inputs: {} is an object, documented is a list'],
    ['another state', { state: 'RUNNING' }, { state: 'FAILED' }, 'state: "FAILED", documented is "RUNNING"'],
    ['another number', { parallelism: 1 }, { parallelism: 2 }, 'parallelism: 2, documented is 1'],
    ['another flag', { isStoppable: false }, { isStoppable: true }, 'isStoppable: true, documented is false'],
    ['an end that has not come', { 'end-time': 5 }, { 'end-time': -1 }, 'end-time: -1, documented is 5'],
    [
      'a state that was not entered',
      { timestamps: { FAILED: 0 } },
      { timestamps: { FAILED: 7 } },
      'timestamps.FAILED: 7, documented is 0',
    ],
    ['a negative count', { 'read-records': 0 }, { 'read-records': -1 }, 'read-records: -1, documented is 0'],
    ['a moment as text', { now: 5 }, { now: '5' }, 'now: "5" is a text, documented is a number'],
    ['another extreme of a watermark', [{ value: '-9' }], [{ value: '9' }], '0.value: "9", documented is "-9"'],
    ['a value that is no number', [{ value: '9' }], [{ value: 'NaN' }], '0.value: "NaN", documented is "9"'],
    ['an entry too few', [1, 2], [1], 'the answer: 1 entries, documented are 2'],
    ['an entry too many', [1], [1, 2], 'the answer: 2 entries, documented are 1'],
    ['too few of a list that is cut', [1, 2, '…'], [1], 'the answer: 1 entries, documented are at least 2'],
    ['another beginning of a text', 'Job at …', 'Task at noon', 'the answer: "Task at noon", documented is "Job at …"'],
    ['no id', JOB, 'unknown', `the answer: "unknown", documented is "${JOB}"`],
    ['a shorter id', JOB, JOB.slice(1), `the answer: "${JOB.slice(1)}", documented is "${JOB}"`],
  ])('%s', (_, documented, actual, difference) => {
    expect(compareAnswers(documented, actual)).toEqual([difference]);
  });

  test('one id that is two in the answers, or two that are one', () => {
    expect(compareAnswers([JOB, JOB], [OTHER, THIRD])).toEqual([`1: "${THIRD}", documented is "${JOB}"`]);
    expect(compareAnswers([JOB, OTHER], [THIRD, THIRD])).toEqual([`1: "${THIRD}", documented is "${OTHER}"`]);
  });

  test('an id that was another one in an earlier answer', () => {
    const ids = new IdNames();
    expect(compareAnswers({ jobid: JOB }, { jobid: OTHER }, { ids })).toEqual([]);
    expect(compareAnswers({ jid: JOB }, { jid: OTHER }, { ids })).toEqual([]);
    expect(compareAnswers({ jid: JOB }, { jid: THIRD }, { ids })).toHaveLength(1);
  });

  test('numbers that the page calls exact', () => {
    const options = { exact: ['write-records'] };
    expect(compareAnswers({ 'write-records': 170 }, { 'write-records': 170 }, options)).toEqual([]);
    expect(compareAnswers({ 'write-records': 170 }, { 'write-records': 171 }, options)).toEqual([
      'write-records: 171, documented is 170',
    ]);
  });

  test('every difference is told', () => {
    expect(compareAnswers({ a: 1, b: { c: 'x' } }, { a: 2, b: { c: 'y' } })).toEqual([
      'a: 2, documented is 1',
      'b.c: "y", documented is "x"',
    ]);
  });
});
