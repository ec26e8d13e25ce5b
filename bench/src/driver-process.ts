import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type RunReport, tryParseRunReport } from './protocol.ts';

/** Output kept for the message when a driver fails. */
const KEPT_OUTPUT_LINES = 40;

export interface DriverCommand {
  readonly program: string;
  readonly args: readonly string[];
}

/** A warm process of one engine. One repetition at a time. */
export class DriverProcess {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #lastLines: string[] = [];
  /** Answers the repetition that is under way. */
  #settle: ((outcome: RunReport | Error) => void) | undefined;
  #exit: string | undefined;

  constructor(name: string, command: DriverCommand) {
    this.name = name;
    this.#child = spawn(command.program, command.args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.on('error', (error) => this.#end(error.message));
    this.#child.on('exit', (code, signal) => this.#end(`ended with ${signal ?? `exit code ${code}`}`));
    this.#child.stdin?.on('error', () => {}); // the exit tells more than the broken pipe
    createInterface({ input: this.#child.stdout! }).on('line', (line) => this.#onLine(line));
    createInterface({ input: this.#child.stderr! }).on('line', (line) => this.#keep(line));
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  runOnce(timeoutMs: number): Promise<RunReport> {
    return new Promise((resolve, reject) => {
      if (this.#exit !== undefined) return reject(this.#failure(this.#exit));
      const timer = setTimeout(() => this.#fail(`gave no answer within ${timeoutMs / 1000} s`), timeoutMs);
      this.#settle = (outcome) => {
        clearTimeout(timer);
        this.#settle = undefined;
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome);
      };
      this.#child.stdin!.write('run\n');
    });
  }

  /** Ends the process: first by the end of its input, then by force. */
  async close(graceMs = 3_000): Promise<void> {
    if (this.#exit !== undefined) return;
    const exited = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
    this.#child.stdin?.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), graceMs);
    await exited;
    clearTimeout(timer);
  }

  #onLine(line: string): void {
    const report = tryParseRunReport(line);
    if (report === undefined) this.#keep(line);
    else this.#settle?.(report);
  }

  #keep(line: string): void {
    this.#lastLines.push(line);
    if (this.#lastLines.length > KEPT_OUTPUT_LINES) this.#lastLines.shift();
  }

  #end(how: string): void {
    this.#exit ??= how;
    // The last lines may still be in the pipe.
    setImmediate(() => this.#fail(how));
  }

  #fail(how: string): void {
    this.#settle?.(this.#failure(how));
  }

  #failure(how: string): Error {
    return new Error([`The ${this.name} driver ${how}`, ...this.#lastLines].join('\n  '));
  }
}
