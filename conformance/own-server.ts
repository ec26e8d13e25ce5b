// Our server as a process of its own: `yeoul start` on a free port with a data directory of this run.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Target } from './recorder.ts';

const START_TIMEOUT_MS = 30_000;
const ADDRESS = /http:\/\/127\.0\.0\.1:\d+/;

export interface OwnServer {
  readonly target: Target;
  stop(): Promise<void>;
}

/**
 * @param root of the repository, built
 * @param flags of `yeoul start`, beside those for its place
 */
export async function startOwnServer(root: string, work: string, flags: readonly string[] = []): Promise<OwnServer> {
  const bin = join(root, 'packages', 'yeoul', 'bin', 'yeoul.js');
  const args = ['start', '--port', '0', '--data-dir', join(work, 'data'), '--slots', '4', ...flags];
  const child = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const url = await readAddress(child);
  const jar = (name: string, entryClass: string) => ({
    jar: join(root, 'examples', 'jars', `${name}.jar`),
    entryClass,
  });
  const programs = {
    'word-count': jar('word-count', 'WordCount'),
    'state-machine': jar('state-machine', 'StateMachineExample'),
  };
  return { target: { url, programs, work, savepoints: `file://${join(work, 'savepoints')}` }, stop: () => stop(child) };
}

function readAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timeout = setTimeout(() => {
      child.kill();
      reject(new Error(`yeoul start printed no address in ${START_TIMEOUT_MS} ms:\n${text}`));
    }, START_TIMEOUT_MS);
    const read = (data: Buffer) => {
      text += data;
      const [address] = ADDRESS.exec(text) ?? [];
      if (address === undefined) return;
      clearTimeout(timeout);
      resolve(address);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) => reject(new Error(`yeoul start ended with ${code}:\n${text}`)));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timeout = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT_MS);
  await ended;
  clearTimeout(timeout);
}
