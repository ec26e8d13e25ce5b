/** The log of an engine: loaded with the engine, by the verbs that start one. */
export { describeDoubtful } from '../config/read-configuration.ts';
export { createEngineLog, logStart } from './create-engine-log.ts';
export { LogFileName, LogFiles } from './log-files.ts';
