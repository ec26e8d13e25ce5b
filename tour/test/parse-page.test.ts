import { expect, test } from 'vitest';
import { parsePage } from '../parse-page.ts';

const page = [
  '# The tour',
  '',
  'Welcome.',
  '',
  '```console',
  '$ npm start',
  '```',
  '',
  '## Jobs',
  '',
  'All of them:',
  '',
  '```sh',
  'API=x',
  'curl $API/jobs',
  '```',
  '',
  '<!-- exact: total, completed -->',
  '```json',
  '{ "jobs": [] }',
  '```',
  '',
  '```sh',
  'true',
  '```',
].join('\n');

test('a page is read as steps with their introductions and answers', () => {
  expect(parsePage(page)).toEqual({
    title: 'The tour',
    steps: [
      {
        headings: ['Jobs'],
        prose: ['Welcome.', 'All of them:'],
        command: 'API=x\ncurl $API/jobs',
        answer: { language: 'json', text: '{ "jobs": [] }', exact: ['total', 'completed'], line: 20 },
        line: 14,
      },
      { headings: [], prose: [], command: 'true', answer: undefined, line: 24 },
    ],
  });
});

test.each([
  ['```json\n{}\n```', 'line 2: an answer that follows no command'],
  ['```sh\ntrue\n```\n\n```json\n{}\n```\n\n```json\n{}\n```', 'line 10: an answer that follows no command'],
  ['```sh\ntrue\n```\n\nProse.\n\n```json\n{}\n```', 'line 8: an answer that follows no command'],
  ['```sh\ntrue', 'line 1: the block has no end'],
])('%j is no tour', (text, message) => {
  expect(() => parsePage(text)).toThrow(message);
});
