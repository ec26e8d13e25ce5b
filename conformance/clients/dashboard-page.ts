// A dashboard in a headless Chromium: what it shows, and what it complains about.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { until } from './jobs.ts';

export interface DashboardPage {
  readonly page: Page;
  /** Failed requests and errors on the console since the last call. */
  takeProblems(): readonly string[];
  /** Goes to a route of the dashboard. @param route "/overview" */
  open(route: string): Promise<void>;
  /** Waits until the page shows all of these. */
  shows(...expected: readonly (string | RegExp)[]): Promise<void>;
  close(): Promise<void>;
}

/** @param tolerated requests that may fail, by the end of their path */
export async function openDashboard(url: string, tolerated: readonly string[]): Promise<DashboardPage> {
  const browser = await launchChromium();
  const page = await browser.newPage({ viewport: { width: 1500, height: 950 } });
  const problems = watch(page, tolerated);
  return {
    page,
    takeProblems: () => problems.splice(0),
    open: async (route) => {
      await page.goto(`${url}/#${route}`);
    },
    shows: (...expected) => expectTexts(page, expected),
    close: () => browser.close(),
  };
}

async function launchChromium(): Promise<Browser> {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const executablePath = folders.map((folder) => join(folder, 'chromium')).find((file) => existsSync(file));
  if (executablePath === undefined) throw new Error('Chromium is not on the PATH: apt-get install chromium');
  // Root has no sandbox in a container; the pages are our own.
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

function watch(page: Page, tolerated: readonly string[]): string[] {
  const problems: string[] = [];
  const isTolerated = (url: string) => tolerated.some((end) => new URL(url).pathname.endsWith(end));
  page.on('pageerror', (error) => problems.push(`error: ${error.stack ?? error.message}`));
  page.on('console', (message) => {
    // Requests are watched themselves. The dashboard's own: a drawer that is still closed has no size to draw a plan in, and a text
    // that comes before its editor is ready, or after it was left, cannot be laid out.
    const isKnown = /^Failed to load resource|SVGLength|of null \(reading 'layout'\)/.test(message.text());
    if (message.type() === 'error' && !isKnown) problems.push(`console: ${message.text()}`);
  });
  page.on('response', (response) => {
    const isFailure = response.status() >= 400 && !isTolerated(response.url());
    if (isFailure) problems.push(`${response.status()} ${response.request().method()} ${response.url()}`);
  });
  return problems;
}

async function expectTexts(page: Page, expected: readonly (string | RegExp)[]): Promise<void> {
  let text = '';
  const isShown = (wanted: string | RegExp) => (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text));
  const all = async () => {
    text = await textOf(page);
    return expected.every(isShown);
  };
  await until(all, `${page.url()} shows all of it`).catch((error: unknown) => {
    const missing = expected.filter((wanted) => !isShown(wanted));
    throw new Error(`${page.url()} does not show ${missing.join(' and ')}:\n${text}`, { cause: error });
  });
}

/** As laid out, and as written: drawings and editors have texts that count as not laid out. */
async function textOf(page: Page): Promise<string> {
  const body = page.locator('body');
  return `${await body.innerText()}\n${(await body.textContent()) ?? ''}`.replaceAll(/\s+/g, ' ');
}
