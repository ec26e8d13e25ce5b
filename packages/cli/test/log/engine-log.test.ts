import { expect, test } from 'vitest';
import { EngineLog } from '../../src/log/engine-log.ts';
import { LogLevel } from '../../src/log/log-level.ts';
import { formatLogLine, formatLogText } from '../../src/log/log-line.ts';

function createLog(fileLevel: LogLevel, consoleLevel: LogLevel) {
  const printed: string[] = [];
  const written: string[] = [];
  const log = new EngineLog({ fileLevel, consoleLevel, nowMs: () => 0, printError: (line) => printed.push(line) });
  return { log, printed, written, file: { write: (text: string) => void written.push(text) } };
}

test('warnings are printed and logged, what is done is only logged', () => {
  const { log, printed, written, file } = createLog(LogLevel.info, LogLevel.warn);
  log.warn('A slot is late', { slot: 3 });
  log.attach(file);
  log.info('Job status', { jobId: 'ab', from: 'CREATED', to: 'RUNNING' });
  log.log(LogLevel.debug, 'details');
  expect(printed).toEqual(['Warning: A slot is late slot=3']);
  expect(written).toEqual([
    '1970-01-01T00:00:00.000Z WARN  A slot is late slot=3\n',
    '1970-01-01T00:00:00.000Z INFO  Job status jobId=ab from=CREATED to=RUNNING\n',
  ]);
});

test('a quiet console prints errors only', () => {
  const { log, printed } = createLog(LogLevel.info, LogLevel.error);
  log.warn('hush');
  log.log(LogLevel.error, 'loud');
  expect(printed).toEqual(['Error: loud']);
});

test.each([
  ['connect to postgres://app:hunter2@db:5432/x', {}],
  ['failed: password=hunter2, retrying', {}],
  ['header Authorization: Bearer hunter2', {}],
  ['{"apiKey":"hunter2"}', {}],
  ['set', { 'db.password': 'hunter2' }],
  ['set', { options: { url: 'https://x:hunter2@y', nested: { token: 'hunter2' } } }],
  ['set', { url: 'amqp://me:hunter2@host' }],
])('%# secrets never reach the log', (message, fields) => {
  const text = formatLogText({ message, fields });
  expect(text).not.toContain('hunter2');
  expect(text).toContain('******');
});

test('a line is one line, whatever stands in its fields', () => {
  const line = formatLogLine({
    timeMs: 0,
    level: 'info',
    message: 'x',
    fields: { error: 'a\nb "c"', nothing: undefined },
  });
  expect(line).toBe('1970-01-01T00:00:00.000Z INFO  x error="a\\nb \\"c\\"" nothing=undefined');
});

test('endless texts are cut', () => {
  expect(formatLogText({ message: 'x'.repeat(1_000_000), fields: {} }).length).toBeLessThan(20_000);
});
