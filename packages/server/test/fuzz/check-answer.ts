// What holds of every answer, whatever was asked.
import { WireErrorBody } from '@yeoul/contract';
import { Check } from 'typebox/value';

/** @throws what does not hold */
export function checkAnswer(method: string, answer: { readonly status: number; readonly text: string }): void {
  const { status, text } = answer;
  const shown = `${status} ${text.slice(0, 2000)}`;
  // 503 is rescaling, which Flink 1.9 refuses so.
  if (status >= 500 && status !== 503) throw new Error(`the server failed: ${shown}`);
  if (method === 'HEAD') return;
  if (status >= 300 && !Check(WireErrorBody, parse(text))) throw new Error(`no errors: ${shown}`);
  if (text.includes('\n    at ') || text.includes('node:internal')) throw new Error(`a stack: ${shown}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
