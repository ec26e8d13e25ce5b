import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { checkPage } from '../check-page.ts';
import { parsePage } from '../parse-page.ts';
import { placeholdersOf, toDocumented } from '../placeholders.ts';
import { ShellSession } from '../shell-session.ts';
import { writeAnswers } from '../write-answers.ts';

const block = (language: string, text: string) => `\`\`\`${language}\n${text}\n\`\`\`\n`;
const options = { root: tmpdir(), placeholders: placeholdersOf({ url: 'http://127.0.0.1:4711' }) };

async function problemsIn(page: string): Promise<readonly (readonly string[])[]> {
  const found: (readonly string[])[] = [];
  for await (const { problems } of checkPage(parsePage(page), options)) found.push(problems);
  return found;
}

test('blocks share variables; addresses of the page are those of the run', async () => {
  const page = [
    block('sh', 'API=http://127.0.0.1:8081'),
    block('sh', `echo '{"address":"'$API'"}'`),
    block('json', '{ "address": "http://127.0.0.1:8081" }'),
    block('sh', 'echo $API'),
    block('text', 'http://127.0.0.1:8081'),
  ].join('\n');
  expect(await problemsIn(page)).toEqual([[], [], []]);
});

test.each([
  ['a wrong key', 'echo \'{"jid":1}\'', 'json', '{ "jobid": 1 }', 'the answer: keys jid; documented are jobid'],
  ['a wrong type', 'echo \'{"jid":1}\'', 'json', '{ "jid": "1" }', 'jid: 1 is a number, documented is a text'],
  ['an answer that is no JSON', 'echo oh', 'json', '{}', 'the answer is no JSON: oh'],
  ['a page that is no JSON', "echo '{}'", 'json', '{', 'the documented answer is no JSON'],
  ['another text', 'echo two', 'text', 'one', 'the text is\ntwo'],
  ['a command that fails', 'echo "{}"; false', 'json', '{}', 'the last command ended with 1: '],
])('%s is a problem', async (_, command, language, answer, problem) => {
  expect(await problemsIn(`${block('sh', command)}\n${block(language, answer)}`)).toEqual([[problem]]);
});

test('an answer that is not documented is a problem', async () => {
  expect(await problemsIn(block('sh', 'echo more'))).toEqual([['an answer that is not documented: more']]);
});

test('a block that takes too long, or ends the shell, is told with what it said', async () => {
  await using slow = new ShellSession({ directory: tmpdir(), timeoutMs: 100 });
  await expect(slow.run('echo begun; sleep 5')).rejects.toThrow('it did not end in 100 ms\nbegun');
  await using ended = new ShellSession({ directory: tmpdir(), timeoutMs: 5000 });
  await expect(ended.run('exit 3')).rejects.toThrow('it ended the shell');
});

test('answers that differ are written into the page, those that do not stay', async () => {
  const page = [
    block('sh', `echo '{"now":5}'`),
    block('json', '{\n  "now": 9\n}'),
    block('sh', `echo '{"a":"http://127.0.0.1:4711"}'`),
    block('json', '{}'),
  ].join('\n');
  const checked = [];
  for await (const step of checkPage(parsePage(page), options)) checked.push(step);
  expect(writeAnswers(page, checked, options.placeholders)).toBe(
    page.replace('{}', '{ "a": "http://127.0.0.1:8081" }'),
  );
});

test('the folder of savepoints may lie in that of the server', () => {
  const placeholders = placeholdersOf({ url: 'x:', directory: '/t/run', savepoints: '/t/run/savepoints' });
  expect(toDocumented('/t/run/savepoints/s and /t/run/.yeoul', placeholders)).toBe(
    '/tmp/flink/savepoints/tmp/s and /home/you/yeoul/.yeoul',
  );
});
