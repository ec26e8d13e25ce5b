// One bash that runs the blocks of a page one after the other, so that variables of one are there in the next.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';

export interface BlockResult {
  readonly stdout: string;
  readonly stderr: string;
  /** Of the block's last command. */
  readonly exitCode: number;
}

export interface SessionOptions {
  readonly directory: string;
  /** Longest time of one block, ms. */
  readonly timeoutMs: number;
}

export class ShellSession implements AsyncDisposable {
  readonly #shell: ChildProcess;
  readonly #timeoutMs: number;
  #stdout = '';
  #stderr = '';
  #look: () => void = () => undefined;

  constructor({ directory, timeoutMs }: SessionOptions) {
    this.#timeoutMs = timeoutMs;
    this.#shell = spawn('bash', ['--noprofile', '--norc'], { cwd: directory, stdio: 'pipe' });
    this.#shell.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
      this.#look();
    });
    this.#shell.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
  }

  /** @throws Error when the block takes too long, or ends the shell */
  async run(block: string): Promise<BlockResult> {
    const mark = `end-${randomUUID()}`;
    this.#stdout = '';
    this.#stderr = '';
    const ended = this.#until(new RegExp(`\\n${mark} (\\d+)\\n$`));
    // Commands of the block have no input of their own: the next block is in that pipe.
    this.#shell.stdin?.write(`{\n${block}\n} < /dev/null\nprintf '\\n%s %s\\n' ${mark} $?\n`);
    const [end, exitCode] = await ended;
    return { stdout: this.#stdout.slice(0, -end.length), stderr: this.#stderr, exitCode: Number(exitCode) };
  }

  #until(end: RegExp): Promise<readonly [string, string]> {
    return new Promise((resolve, reject) => {
      const fail = (what: string) => reject(new Error(`${what}\n${this.#stdout}${this.#stderr}`));
      const timeout = setTimeout(() => fail(`it did not end in ${this.#timeoutMs} ms`), this.#timeoutMs);
      const onExit = () => fail('it ended the shell');
      this.#shell.once('exit', onExit);
      this.#look = () => {
        const [text, exitCode] = end.exec(this.#stdout) ?? [];
        if (text === undefined || exitCode === undefined) return;
        clearTimeout(timeout);
        this.#shell.off('exit', onExit);
        resolve([text, exitCode]);
      };
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#shell.exitCode !== null || this.#shell.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#shell.once('exit', resolve));
    this.#shell.kill('SIGKILL');
    await ended;
  }
}
