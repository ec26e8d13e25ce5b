// Every setting there is, by section, in the order of docs/configuration.md.
import { type ConfigOption, engineOptionSections, type OptionSection } from '@yeoul/engine/runtime';
import { loggingOptions } from './logging-options.ts';
import { restSettings } from './rest-settings.ts';
import { serverLimitOptions } from './server-limit-options.ts';

export const optionSections: readonly OptionSection[] = [
  ...engineOptionSections,
  { title: 'REST API', options: restSettings },
  { title: 'Limits of the REST API', options: serverLimitOptions },
  { title: 'Logging', options: loggingOptions },
];

export const allOptions: readonly ConfigOption[] = optionSections.flatMap(({ options }) => Object.values(options));
