// Puts answers into a page: those that are as documented stay as they are written.

import type { CheckedStep } from './check-page.ts';
import { formatJson } from './format-json.ts';
import { type Placeholders, toDocumented } from './placeholders.ts';
import { parseJson } from './run-step.ts';

export function writeAnswers(page: string, checked: readonly CheckedStep[], placeholders: Placeholders): string {
  const lines = page.split('\n');
  // From the end, so that line numbers before it hold.
  for (const { step, stdout, problems } of checked.toReversed()) {
    if (step.answer === undefined || problems.length === 0) continue;
    const start = step.answer.line - 1;
    const end = lines.indexOf('```', start);
    lines.splice(start, end - start, ...toDocumented(written(stdout), placeholders).split('\n'));
  }
  return lines.join('\n');
}

function written(stdout: string): string {
  const json = parseJson(stdout);
  return json === undefined ? stdout.trim() : formatJson(json.value);
}
