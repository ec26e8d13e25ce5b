import type { JobOverview, JobVertex } from '@yeoul/client';
import { expect, test } from 'vitest';
import { chooseJar } from '../src/commands/jars.ts';
import { chooseJob } from '../src/find-job.ts';
import { chooseVertex } from '../src/find-vertex.ts';

process.env.TZ = 'UTC';

function job(id: string, name: string, state: JobOverview['state'] = 'RUNNING'): JobOverview {
  return { jid: id.padEnd(32, '0'), name, state, 'start-time': 1_700_000_000_000, duration: 5 } as JobOverview;
}

const jobs = [
  job('7bf8', 'State machine job'),
  job('7b00', 'Word count', 'FINISHED'),
  job('aa00', 'Word count', 'RUNNING'),
  job('bb00', 'Sensors', 'CANCELED'),
  job('bb11', 'Sensors', 'FAILED'),
];

test.each([
  ['7bf80000000000000000000000000000', 'State machine job'],
  ['7BF8', 'State machine job'],
  ['State machine job', 'State machine job'],
  ['state', 'State machine job'],
])('%s is found', (named, name) => {
  expect(chooseJob(jobs, named).name).toBe(name);
});

test('of several jobs of a name the one that runs is meant', () => {
  expect(chooseJob(jobs, 'Word count').jid).toMatch(/^aa00/);
});

test('what could be several is told with the candidates', () => {
  expect(() => chooseJob(jobs, 'Sensors')).toThrowErrorMatchingInlineSnapshot(`
    [UsageError: "Sensors" could be any of 2 jobs; give more of the id:
      job                               state     started              name
      bb000000000000000000000000000000  CANCELED  2023-11-14 22:13:20  Sensors
      bb110000000000000000000000000000  FAILED    2023-11-14 22:13:20  Sensors]
  `);
  expect(() => chooseJob([job('ab', 'one'), job('ac', 'two')], 'a')).toThrow('could be any of 2 jobs');
});

test('what is not there is told with what is there', () => {
  expect(() => chooseJob(jobs.slice(0, 2), 'nothing')).toThrowErrorMatchingInlineSnapshot(`
    [UsageError: There is no job "nothing". These are there:
      job                               state     started              name
      7bf80000000000000000000000000000  RUNNING   2023-11-14 22:13:20  State machine job
      7b000000000000000000000000000000  FINISHED  2023-11-14 22:13:20  Word count]
  `);
  expect(() => chooseJob([], 'nothing')).toThrow('the server has none');
  expect(() => chooseJob(jobs, '')).toThrow('There is no job ""');
});

const vertices = [
  { id: 'ab'.padEnd(32, '0'), name: 'Source: numbers' },
  { id: 'ac'.padEnd(32, '0'), name: 'Flat Map -> Sink: out' },
] as JobVertex[];

test('vertices are found by id, its beginning, and part of the name', () => {
  expect(chooseVertex(vertices, 'ac').name).toContain('Flat Map');
  expect(chooseVertex(vertices, 'flat').name).toContain('Flat Map');
  expect(() => chooseVertex(vertices, 'a')).toThrow('"a" could be any of these');
  expect(() => chooseVertex(vertices, 'nothing')).toThrow('The job has no vertex "nothing". It has these:');
});

const jars = ['1-a_job.jar', '2-b_job.jar', '3-c_other.jar'].map((id) => ({
  id,
  name: id.split('_')[1] ?? '',
  uploaded: 0,
  entry: [],
}));

test('jars are found by id, its beginning, and name', () => {
  expect(chooseJar(jars, '2').id).toBe('2-b_job.jar');
  expect(chooseJar(jars, 'other.jar').id).toBe('3-c_other.jar');
  expect(() => chooseJar(jars, 'job.jar')).toThrow('could be any of 2 jars');
  expect(() => chooseJar(jars, 'x')).toThrow('These are there:\n  1-a_job.jar');
});
