// The log of an engine: lines to a file once its folder is ours, weighty ones to standard error at once.
import type { ClusterLogger } from '@yeoul/engine/runtime';
import { isAtLeast, LogLevel } from './log-level.ts';
import { formatLogLine, formatLogText, type LogRecord } from './log-line.ts';

export interface EngineLogOptions {
  readonly fileLevel: LogLevel;
  readonly consoleLevel: LogLevel;
  readonly nowMs: () => number;
  /** A line on standard error. */
  readonly printError: (line: string) => void;
}

/** Lines kept for a file that is not open yet. */
const MAX_EARLY_LINES = 1000;

export interface LineFile {
  write(text: string): void;
}

export class EngineLog implements ClusterLogger {
  readonly #options: EngineLogOptions;
  #early: string[] = [];
  #file: LineFile | undefined;

  constructor(options: EngineLogOptions) {
    this.#options = options;
  }

  info(message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.log(LogLevel.info, message, fields);
  }

  warn(message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.log(LogLevel.warn, message, fields);
  }

  log(level: LogLevel, message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    const record: LogRecord = { timeMs: this.#options.nowMs(), level, message, fields };
    if (isAtLeast(level, this.#options.consoleLevel))
      this.#options.printError(`${titles[level]}: ${formatLogText(record)}`);
    if (isAtLeast(level, this.#options.fileLevel)) this.#write(`${formatLogLine(record)}\n`);
  }

  /** From here on lines go to the file, those from before first. */
  attach(file: LineFile): void {
    this.#file = file;
    for (const line of this.#early.splice(0)) file.write(line);
  }

  #write(line: string): void {
    if (this.#file !== undefined) this.#file.write(line);
    else if (this.#early.length < MAX_EARLY_LINES) this.#early.push(line);
  }
}

const titles: Readonly<Record<LogLevel, string>> = { debug: 'Debug', info: 'Info', warn: 'Warning', error: 'Error' };
