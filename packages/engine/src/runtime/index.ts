// What assembles an engine: clusters, launchers, drivers. For entry files, servers and tests; programs do not need it.
export type { EngineModules } from './program/load-program.ts';
export { startDriverWorker } from './system/start-driver-worker.ts';
export { startSlotWorker } from './system/start-slot-worker.ts';
