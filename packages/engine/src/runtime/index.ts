// What assembles an engine: clusters, launchers, drivers, views. For entry files, servers and tests; programs do not need it.
export { LocalCluster, type SubmitJobOptions, type SubmitOptions } from './coordinator/local-cluster.ts';
export type { ClusterLogger, LocalClusterOptions, ProgramDriver } from './coordinator/local-cluster-options.ts';
export type * from './coordinator/views.ts';
export { bundleProgram } from './program/bundle-program.ts';
export type { EngineModules } from './program/load-program.ts';
export { WorkerProgramDriver } from './program/worker-program-driver.ts';
export { EmbeddedEngine, type EmbeddedEngineOptions, type RunProgramOptions } from './system/embedded-engine.ts';
export { InProcessSlotLauncher } from './system/in-process-launcher.ts';
export { startDriverWorker } from './system/start-driver-worker.ts';
export { startSlotWorker } from './system/start-slot-worker.ts';
export { SystemClock } from './system/system-clock.ts';
