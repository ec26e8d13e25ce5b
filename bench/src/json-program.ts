import { spawn } from 'node:child_process';

/** Runs a bundled program with a request as JSON argument. @returns the last line of its output, parsed */
export async function runJsonProgram<T>(program: string, request: object): Promise<T> {
  const child = spawn(process.execPath, [program, JSON.stringify(request)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const lastLine = output.trimEnd().split('\n').at(-1) ?? '';
  if (code !== 0 || !lastLine.startsWith('{')) throw new Error(`${program} ended with exit code ${code}:\n${output}`);
  return JSON.parse(lastLine) as T;
}
