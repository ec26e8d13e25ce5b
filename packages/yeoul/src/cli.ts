/** The command's entry: where this package keeps its workers, and the command itself. */
import { readFileSync } from 'node:fs';
import { main as runCommand } from '@yeoul/cli';

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };

export function main(argv: readonly string[]): Promise<number> {
  return runCommand(argv, {
    version: manifest.version,
    slotWorkerUrl: new URL('./slot-worker.js', import.meta.url),
    driverWorkerUrl: new URL('./driver-worker.js', import.meta.url),
  });
}
