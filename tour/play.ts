// Plays a page in a terminal: each command, then its answer as the server gave it.
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { styleText } from 'node:util';
import { formatJson } from './format-json.ts';
import type { Step, Tour } from './parse-page.ts';
import { type Placeholders, toActual } from './placeholders.ts';
import { parseJson } from './run-step.ts';
import { ShellSession } from './shell-session.ts';

export interface PlayOptions {
  /** Of the repository. */
  readonly root: string;
  readonly placeholders: Placeholders;
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  /** Before each command: 'enter' waits for Enter, a number that many ms. */
  readonly pause: 'enter' | number;
}

/** Of one block, ms. */
const BLOCK_TIMEOUT_MS = 120_000;

/** @returns whether every command went well */
export async function play(tour: Tour, options: PlayOptions): Promise<boolean> {
  const { output, placeholders, root } = options;
  await using session = new ShellSession({ directory: root, timeoutMs: BLOCK_TIMEOUT_MS });
  const width = Math.min(output.columns || 120, 160);
  const show = (text: string) => output.write(`${text}\n`);
  show(styleText('bold', tour.title));
  for (const step of tour.steps) {
    for (const line of introduction(step)) show(line);
    const command = toActual(step.command, placeholders);
    show(styleText('cyan', command.replace(/^/, '$ ').replaceAll('\n', '\n  ')));
    await pauseBefore(options);
    const { stdout, stderr, exitCode } = await session.run(command);
    if (stdout.trim() !== '') show(`${shown(stdout, width)}\n`);
    if (exitCode === 0) continue;
    show(styleText('red', `The command ended with ${exitCode}. ${stderr.trim()}`));
    return false;
  }
  return true;
}

function introduction({ headings, prose }: Step): string[] {
  return [...headings.map((heading) => `\n${styleText('bold', heading)}\n`), ...prose.map(plain)];
}

/** Without the marks of Markdown. */
function plain(paragraph: string): string {
  return paragraph.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '');
}

function shown(stdout: string, width: number): string {
  const json = parseJson(stdout);
  return json === undefined ? stdout.trim() : formatJson(json.value, width);
}

async function pauseBefore({ input, pause }: PlayOptions): Promise<void> {
  if (pause !== 'enter') {
    await sleep(pause);
    return;
  }
  input.resume();
  await Promise.race([once(input, 'data'), once(input, 'end')]);
  input.pause();
}
