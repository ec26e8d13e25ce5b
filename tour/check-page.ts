// Runs all steps of a page against a server, and says what is not as documented.
import { IdNames } from './id-names.ts';
import type { Step, Tour } from './parse-page.ts';
import type { Placeholders } from './placeholders.ts';
import { runStep, type StepResult } from './run-step.ts';
import { ShellSession } from './shell-session.ts';

/** Of one block, ms. The longest waits 10 s for complete counts, on machines that have other work. */
const BLOCK_TIMEOUT_MS = 90_000;

export interface CheckOptions {
  /** Of the repository: the page's commands name files in it. */
  readonly root: string;
  readonly placeholders: Placeholders;
}

export interface CheckedStep extends StepResult {
  readonly step: Step;
}

/** A block that does not come to its end ends the tour: what follows builds on it. */
export async function* checkPage({ steps }: Tour, { root, placeholders }: CheckOptions): AsyncGenerator<CheckedStep> {
  await using session = new ShellSession({ directory: root, timeoutMs: BLOCK_TIMEOUT_MS });
  const ids = new IdNames();
  for (const step of steps) {
    try {
      yield { step, ...(await runStep(step, { session, placeholders, ids })) };
    } catch (error) {
      yield { step, stdout: '', problems: [(error as Error).message] };
      return;
    }
  }
}

/** @returns one text per step that is not as documented */
export async function problemsOf(tour: Tour, page: string, options: CheckOptions): Promise<string[]> {
  const found: string[] = [];
  for await (const checked of checkPage(tour, options)) found.push(...describe(checked, page));
  return found;
}

export function describe({ step, problems }: CheckedStep, page: string): string[] {
  if (problems.length === 0) return [];
  return [[`${page}:${step.answer?.line ?? step.line}`, ...problems.map((line) => `  ${line}`)].join('\n')];
}
