// A server as `npm start` starts it, in a folder of its own and on a free port.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const START_TIMEOUT_MS = 60_000;
const POLL_MS = 100;
const END_TIMEOUT_MS = 15_000;

export interface TourServer extends AsyncDisposable {
  /** "http://127.0.0.1:43127" */
  readonly url: string;
  /** Where it was started; its data are in .yeoul below. */
  readonly directory: string;
}

/** @param root of the repository, built */
export async function startTourServer(root: string): Promise<TourServer> {
  const directory = await mkdtemp(join(tmpdir(), 'yeoul-tour-'));
  const command = join(root, 'packages', 'yeoul', 'bin', 'yeoul.js');
  const flags = ['--port', '0', '--slots', '8', '--program', join(root, 'examples', 'state-machine')];
  const child = spawn(process.execPath, [command, 'start', ...flags], { cwd: directory, stdio: 'pipe' });
  const dispose = async () => {
    await end(child);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const url = await readAddress(child);
    await untilJobRuns(url);
    return { url, directory, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

function readAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timeout = setTimeout(() => reject(new Error(`yeoul start gave no address:\n${text}`)), START_TIMEOUT_MS);
    const read = (data: Buffer) => {
      text += data;
      const [address] = /http:\/\/127\.0\.0\.1:\d+/.exec(text) ?? [];
      if (address === undefined) return;
      clearTimeout(timeout);
      resolve(address);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) => {
      clearTimeout(timeout);
      reject(new Error(`yeoul start ended with ${code}:\n${text}`));
    });
  });
}

/** The job that it starts with comes after its address. */
async function untilJobRuns(url: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < START_TIMEOUT_MS; waitedMs += POLL_MS) {
    const overview = await (await fetch(`${url}/jobs/overview`)).text();
    if (overview.includes('"running":2,')) return;
    await sleep(POLL_MS);
  }
  throw new Error('the State machine job does not run');
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timeout = setTimeout(() => child.kill('SIGKILL'), END_TIMEOUT_MS);
  await ended;
  clearTimeout(timeout);
}
