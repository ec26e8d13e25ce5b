// The built command, as users call it.
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const bin = fileURLToPath(new URL('../../../yeoul/bin/yeoul.js', import.meta.url));
const programs = fileURLToPath(new URL('../programs/', import.meta.url));

export function programPath(name: string): string {
  return `${programs}${name}.ts`;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Sends SIGINT once this text was printed. */
  readonly interruptAt?: string;
}

export function runCommand(args: readonly string[], { cwd, env, interruptAt }: CommandOptions): Promise<Ended> {
  const child = spawn(process.execPath, [bin, ...args], { cwd, env: { ...process.env, ...env } });
  let stdout = '';
  let stderr = '';
  let isInterrupted = false;
  const seen = () => {
    if (isInterrupted || interruptAt === undefined || !(stdout + stderr).includes(interruptAt)) return;
    isInterrupted = true;
    child.kill('SIGINT');
  };
  child.stdout.on('data', (data) => {
    stdout += data;
    seen();
  });
  child.stderr.on('data', (data) => {
    stderr += data;
    seen();
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

export interface StartedServer extends AsyncDisposable {
  /** "127.0.0.1:40123" */
  readonly address: string;
}

/** `yeoul start --port 0`, ready for requests. */
export async function startServer(cwd: string, args: readonly string[] = []): Promise<StartedServer> {
  const child = spawn(process.execPath, [bin, 'start', '--port', '0', ...args], {
    cwd,
    // Nobody reads what jobs print: a full pipe would hold up the end.
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise((resolve) => child.on('close', resolve));
  const address = await addressOf(child);
  return {
    address,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGINT');
      await ended;
    },
  };
}

export function addressOf(child: ChildProcess): Promise<string> {
  let stderr = '';
  return new Promise((resolve, reject) => {
    child.stderr?.on('data', (data) => {
      stderr += data;
      const found = /REST API at http:\/\/(\S+)/.exec(stderr)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.on('close', (code) => reject(new Error(`ended with ${code}: ${stderr}`)));
  });
}
