import { expect, test } from 'vitest';
import { DriverProcess } from '../src/driver-process.ts';

function driverOf(script: string): DriverProcess {
  return new DriverProcess('fake', { program: process.execPath, args: ['-e', script] });
}

const report = '{"engine":"fake","recordsPerSecond":1,"checksum":2}';

test('one process answers every request, and other output is passed over', async () => {
  const driver = driverOf(
    `process.stdin.on('data', () => console.log('noise ' + process.pid + '\\n' + ${JSON.stringify(report)}))`,
  );
  try {
    expect(await driver.runOnce(5_000)).toEqual(JSON.parse(report));
    expect(await driver.runOnce(5_000)).toEqual(JSON.parse(report));
  } finally {
    await driver.close();
  }
});

test('a driver that fails is reported with its exit code and its last words', async () => {
  const driver = driverOf(`process.stdin.on('data', () => { console.error('no such state'); process.exit(3); })`);
  await expect(driver.runOnce(5_000)).rejects.toThrow(/fake driver ended with exit code 3[\s\S]*no such state/);
  await expect(driver.runOnce(5_000)).rejects.toThrow('exit code 3');
});

test('a driver that does not answer is given up and can be closed', async () => {
  const driver = driverOf(`process.stdin.resume()`);
  await expect(driver.runOnce(50)).rejects.toThrow('gave no answer within 0.05 s');
  await driver.close(50);
});

test('a program that does not exist is an error, not a wait', async () => {
  const driver = new DriverProcess('fake', { program: '/no/such/program', args: [] });
  await expect(driver.runOnce(5_000)).rejects.toThrow('ENOENT');
  await driver.close();
});
