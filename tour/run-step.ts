// Runs one step of a page and holds its answer against the documented one.
import { compareAnswers } from './compare-answers.ts';
import type { IdNames } from './id-names.ts';
import type { DocumentedAnswer, Step } from './parse-page.ts';
import { type Placeholders, toActual } from './placeholders.ts';
import type { ShellSession } from './shell-session.ts';

export interface StepContext {
  readonly session: ShellSession;
  readonly placeholders: Placeholders;
  /** Of the whole page. */
  readonly ids: IdNames;
}

export interface StepResult {
  readonly stdout: string;
  /** None: it is as documented. */
  readonly problems: readonly string[];
}

export async function runStep(step: Step, { session, placeholders, ids }: StepContext): Promise<StepResult> {
  const { stdout, stderr, exitCode } = await session.run(toActual(step.command, placeholders));
  const failure = exitCode === 0 ? [] : [`the last command ended with ${exitCode}: ${stderr.trim()}`];
  const { answer } = step;
  const documented = answer && { ...answer, text: toActual(answer.text, placeholders) };
  return { stdout, problems: [...failure, ...answerProblems(documented, stdout, ids)] };
}

function answerProblems(documented: DocumentedAnswer | undefined, stdout: string, ids: IdNames): string[] {
  if (documented === undefined)
    return stdout.trim() === '' ? [] : [`an answer that is not documented: ${stdout.trim()}`];
  if (documented.language === 'text') {
    return ids.areAlike(documented.text.trim(), stdout.trim()) ? [] : [`the text is\n${stdout.trim()}`];
  }
  const [expected, actual] = [parseJson(documented.text), parseJson(stdout)];
  if (expected === undefined) return ['the documented answer is no JSON'];
  if (actual === undefined) return [`the answer is no JSON: ${stdout.trim()}`];
  return compareAnswers(expected.value, actual.value, { ids, exact: documented.exact });
}

/** @returns undefined: it is none */
export function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}
