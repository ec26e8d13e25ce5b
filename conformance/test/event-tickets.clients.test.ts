// Live events in a real browser, on a server with tokens: what EventSource of Chromium makes of tickets.
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DashboardPage, openDashboard } from '../clients/dashboard-page.ts';
import { type OwnServer, startOwnServer } from '../own-server.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'yeoul-tickets-'));
const token = 'admin-token-admin-token-1234567890';
const other = 'other-token-other-token-1234567890';

let pages: Server;
let server: OwnServer;
let browser: DashboardPage;
let jobId = '';

/** All of them are admins. */
function writeTokens(...given: readonly string[]): void {
  const path = join(work, 'tokens');
  writeFileSync(`${path}.new`, given.map((one) => `admin ${one}\n`).join(''), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** @returns its id */
async function startJob({ url, programs }: OwnServer['target']): Promise<string> {
  const headers = { authorization: `Bearer ${other}` };
  const form = new FormData();
  form.append('jarfile', new Blob([new Uint8Array(readFileSync(programs['state-machine']?.jar ?? ''))]), 'job.jar');
  const uploaded = await fetch(`${url}/jars/upload`, { method: 'POST', body: form, headers });
  const { filename } = (await uploaded.json()) as { filename: string };
  const jar = filename.slice(filename.lastIndexOf('/') + 1);
  const run = await fetch(`${url}/jars/${jar}/run?entry-class=StateMachineExample`, { method: 'POST', headers });
  return ((await run.json()) as { jobid: string }).jobid;
}

beforeAll(async () => {
  pages = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('<p>page</p>'));
  await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
  writeTokens(token, other);
  server = await startOwnServer(root, work, ['--token-file', join(work, 'tokens'), '--allow-origin', origin]);
  jobId = await startJob(server.target);
  browser = await openDashboard(origin, ['/events']);
  await browser.page.goto(origin);
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  pages?.close();
  rmSync(work, { recursive: true, force: true, maxRetries: 5 });
});

/** In the page: a ticket with the token, a stream with the ticket. @returns types of its first events */
async function listen(page: Page, used: string): Promise<readonly string[]> {
  return page.evaluate(
    async ({ base, authorization }) => {
      const answer = await fetch(`${base}/ticket`, { method: 'POST', headers: { authorization } });
      const { ticket } = (await answer.json()) as { ticket: string };
      const source = new EventSource(`${base}?ticket=${ticket}`);
      Object.assign(globalThis, { source });
      const types: string[] = [];
      return new Promise<string[]>((resolve) => {
        for (const type of ['job', 'vertices', 'checkpoints']) {
          source.addEventListener(type, () => {
            types.push(type);
            if (types.length >= 3) resolve(types);
          });
        }
        source.onerror = () => resolve([`state ${source.readyState}`]);
      });
    },
    { base: `${server.target.url}/jobs/${jobId}/events`, authorization: `Bearer ${used}` },
  );
}

const readyState = (page: Page) =>
  page.evaluate(() => (globalThis as unknown as { source: EventSource }).source.readyState);

test('a page of an allowed origin gets a ticket with its token, and reads events with it', async () => {
  expect(await listen(browser.page, other)).toEqual(['job', 'vertices', 'checkpoints']);
});

test('when the token is revoked the stream ends, and EventSource gives up', async () => {
  expect(await listen(browser.page, token)).toEqual(['job', 'vertices', 'checkpoints']);
  writeTokens(other);
  // It comes back once, with the used ticket: closed is 2.
  await expect.poll(() => readyState(browser.page), { timeout: 15_000 }).toBe(2);
});
