import { spawn } from 'node:child_process';
import type { DriverCommand } from './driver-process.ts';

/** Runs a driver to its end. @returns the last line of its output, parsed */
export async function runJsonProgram<T>({ program, args }: DriverCommand): Promise<T> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const lastLine = output.trimEnd().split('\n').at(-1) ?? '';
  if (code !== 0 || !lastLine.startsWith('{')) throw new Error(`${args[0]} ended with exit code ${code}:\n${output}`);
  return JSON.parse(lastLine) as T;
}
