// What a program is told where no program runs and no connector was imported. Its modules are new ones: other test files of the
// same process import connectors, and leave programs in their middle.
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { recordingContext } from './batch/recording-context.ts';

let engine: typeof import('../../src/index.ts');

beforeAll(async () => {
  vi.resetModules();
  engine = await import('../../src/index.ts');
});

describe('streams', () => {
  test('execute says how to run a program', async () => {
    const env = engine.StreamExecutionEnvironment.getExecutionEnvironment();
    env.fromElements(1).print();
    await expect(env.execute()).rejects.toThrow(/outside a running program: .*yeoul run/);
  });

  test('an operation of a connector asks for its import', () => {
    const numbers = new engine.StreamExecutionEnvironment().fromSequence(1, 2);
    expect(() => numbers.writeToSocket('localhost', 1, String)).toThrow(
      expect.objectContaining({ code: 'CONNECTOR_MISSING' }),
    );
  });
});

describe('data sets', () => {
  test('there is no environment', () => {
    expect(() => engine.ExecutionEnvironment.getExecutionEnvironment()).toThrow(/getExecutionEnvironment/);
  });

  test('an operation of a connector asks for its import', () => {
    const env = new engine.ExecutionEnvironment(recordingContext(1));
    expect(() => env.readTextFile('x')).toThrow(expect.objectContaining({ code: 'CONNECTOR_MISSING' }));
  });
});
