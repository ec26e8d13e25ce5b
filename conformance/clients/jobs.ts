// Jobs for a client to act on: started over REST, looked at over REST.
import { readFileSync } from 'node:fs';
import type { Target } from '../recorder.ts';

const PATIENCE_MS = 30_000;
const POLL_MS = 100;

/** Uploads the State machine and runs it. @returns its job id, once all of it runs */
export async function startStateMachine({ url, programs }: Target): Promise<string> {
  const program = programs['state-machine'];
  if (program === undefined) throw new Error('There is no State machine jar: npm run build');
  const jar = await uploadJar(url, program.jar, 'state-machine.jar');
  const { jobid } = (await askJson(`${url}/jars/${jar}/run`, {
    method: 'POST',
    body: JSON.stringify({ programArgs: '--sleep 1', entryClass: program.entryClass }),
  })) as { jobid: string };
  await until(async () => {
    const { vertices } = (await askJson(`${url}/jobs/${jobid}`)) as { vertices: readonly { status: string }[] };
    return vertices.length > 0 && vertices.every(({ status }) => status === 'RUNNING');
  }, `job ${jobid} runs`);
  return jobid;
}

async function uploadJar(url: string, file: string, name: string): Promise<string> {
  const form = new FormData();
  form.append('jarfile', new Blob([new Uint8Array(readFileSync(file))]), name);
  const { filename } = (await askJson(`${url}/jars/upload`, { method: 'POST', body: form })) as { filename: string };
  return filename.slice(filename.lastIndexOf('/') + 1);
}

export async function stateOf({ url }: Target, jobId: string): Promise<string> {
  return ((await askJson(`${url}/jobs/${jobId}`)) as { state: string }).state;
}

export async function askJson(url: string, init?: RequestInit): Promise<unknown> {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${init?.method ?? 'GET'} ${url}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** @param what "job … runs" */
export async function until(isTrue: () => Promise<boolean>, what: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += POLL_MS) {
    if (await isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`Not so after ${PATIENCE_MS} ms: ${what}`);
}
