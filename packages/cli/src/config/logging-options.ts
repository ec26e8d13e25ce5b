// The log of the engine and the kept output of jobs.
import { choiceOption, durationOption, integerOption, memoryOption, textOption } from '@yeoul/engine/runtime';
import { LogLevel } from '../log/log-level.ts';

const MIB = 2 ** 20;
const DAY_MS = 86_400_000;

export const loggingOptions = {
  level: choiceOption({
    key: 'yeoul.log.level',
    choices: LogLevel,
    default: LogLevel.info,
    description: 'What is written to the log file. Warnings go to standard error as well, unless `-q`.',
  }),
  directory: textOption({
    key: 'yeoul.log.dir',
    aliases: ['env.log.dir'],
    defaultText: '`log` in the data directory',
    description: 'Where log files and the output of jobs are kept; the only folder that the log pages read.',
  }),
  maxFileBytes: memoryOption({
    key: 'yeoul.log.max-size',
    default: 10 * MIB,
    minimum: 1024,
    description: 'A log or output file that reaches it is set aside, and a new one is begun.',
  }),
  maxFiles: integerOption({
    key: 'yeoul.log.max-files',
    aliases: ['env.log.max'],
    default: 5,
    maximum: 1000,
    description: 'Files set aside that are kept of each.',
  }),
  maxAgeMs: durationOption({
    key: 'yeoul.log.max-age',
    default: 30 * DAY_MS,
    description: 'How long a file that was set aside is kept.',
  }),
} as const;
