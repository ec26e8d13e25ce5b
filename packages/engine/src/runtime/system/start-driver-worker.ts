// Entry of a driver's worker thread, called by the assembled worker file with the modules programs may import.
import { parentPort } from 'node:worker_threads';
import type { DriverStart, ToDriver } from '../program/driver-protocol.ts';
import { DriverThread } from '../program/driver-thread.ts';
import type { EngineModules } from '../program/load-program.ts';

export function startDriverWorker(modules: EngineModules): void {
  const port = parentPort;
  if (!port) throw new Error('A driver runs in a worker thread');
  port.once('message', ({ program, listEntries = false }: DriverStart) => {
    const driver = new DriverThread({
      send: (message) => port.postMessage(message),
      onMessage: (handler) => port.on('message', (message: ToDriver) => handler(message)),
    });
    void (listEntries ? driver.listEntries(program, modules) : driver.run(program, modules));
  });
}
