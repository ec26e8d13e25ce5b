// Shows on a terminal that something long is under way. In a pipe there is nothing to look at.
import type { CommandContext } from './command-context.ts';
import { formatDuration } from './format.ts';
import { truncate } from './print/text-width.ts';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;
/** What is over sooner does not flicker. */
const DELAY_MS = 300;
const CLEAR = '\r\u001b[K';

/** @param text what is waited for; asked again for each frame */
export async function withProgress<T>(
  context: CommandContext,
  text: string | (() => string),
  work: () => Promise<T>,
): Promise<T> {
  const { stderr, nowMs } = context;
  if (stderr.isTTY !== true) return work();
  const startMs = nowMs();
  let drawn = 0;
  const timer = setInterval(() => {
    const elapsedMs = nowMs() - startMs;
    if (elapsedMs < DELAY_MS) return;
    const what = typeof text === 'string' ? text : text();
    const line = `${FRAMES[drawn++ % FRAMES.length]} ${what}  ${formatDuration(elapsedMs)}`;
    stderr.write(CLEAR + truncate(line, (stderr.columns ?? 80) - 1));
  }, FRAME_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    if (drawn > 0) stderr.write(CLEAR);
  }
}
