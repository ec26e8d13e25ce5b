/** Settings: loaded with the engine, by the verbs that start one. */
export { engineOptions } from '@yeoul/engine/runtime';
export { allOptions, optionSections } from './all-options.ts';
export { loggingOptions } from './logging-options.ts';
export { readConfiguration } from './read-configuration.ts';
export { restSettings } from './rest-settings.ts';
export { serverLimitOptions } from './server-limit-options.ts';
