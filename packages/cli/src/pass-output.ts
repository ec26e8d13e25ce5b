// Where the output of jobs and programs goes: into the live view of a terminal, else through to standard output and error as it comes.
import type { LocalCluster } from '@yeoul/engine/runtime';
import type { CommandContext } from './command-context.ts';
import { OutputTail } from './live/output-tail.ts';

/** Lines that the live view shows. */
const TAIL_LINES = 8;

/**
 * Subscribe before the program starts: it may print before its first job.
 * @param live whether a live view is wanted; one that cannot be drawn (no terminal) leaves room for the output itself
 * @returns the live view's part; undefined: no live view
 */
export function passOutput(cluster: LocalCluster, live: boolean, context: CommandContext): OutputTail | undefined {
  const tail = live ? new OutputTail(TAIL_LINES) : undefined;
  const isDrawn = live && context.stdout.isTTY === true;
  cluster.onOutput(({ stream, text }) => {
    if (isDrawn) tail?.push(text);
    else context[stream].write(text);
  });
  return tail;
}
