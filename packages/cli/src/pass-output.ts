// Where the output of jobs and programs goes: into the live view of a terminal, else through to standard output and error as it comes.
//   O1. Where output is in log files as well, no more than MAX_UNREAD_BYTES wait for a reader: what comes then is left out, and told.
import type { LocalCluster } from '@yeoul/engine/runtime';
import type { CommandContext } from './command-context.ts';
import { OutputTail } from './live/output-tail.ts';

/** Lines that the live view shows. */
const TAIL_LINES = 8;
/** Some seconds of a job that prints as fast as it can. */
const MAX_UNREAD_BYTES = 16 * 1024 * 1024;

/**
 * Subscribe before the program starts: it may print before its first job.
 * @param live whether a live view is wanted; one that cannot be drawn (no terminal) leaves room for the output itself
 * @returns the live view's part; undefined: no live view
 */
export function passOutput(
  cluster: Pick<LocalCluster, 'onOutput'>,
  live: boolean,
  context: CommandContext,
): OutputTail | undefined {
  const tail = live ? new OutputTail(TAIL_LINES) : undefined;
  const isDrawn = live && context.stdout.isTTY === true;
  const write = context.outputIsLogged ? boundedWriter(context) : writer(context);
  cluster.onOutput(({ stream, text }) => {
    if (isDrawn) tail?.push(text);
    else write(stream, text);
  });
  return tail;
}

type Write = (stream: 'stdout' | 'stderr', text: string) => void;

function writer(context: CommandContext): Write {
  return (stream, text) => void context[stream].write(text);
}

/** O1. */
function boundedWriter(context: CommandContext): Write {
  const leftOut = { stdout: 0, stderr: 0 };
  return (stream, text) => {
    const { writableLength = 0 } = context[stream];
    const isBehind = leftOut[stream] > 0 ? writableLength > 0 : writableLength > MAX_UNREAD_BYTES;
    if (isBehind) leftOut[stream] += text.length;
    else if (leftOut[stream] === 0) context[stream].write(text);
    else {
      context[stream].write(
        `\n[${leftOut[stream]} characters of output left out: nobody read them; they are in the log folder]\n${text}`,
      );
      leftOut[stream] = 0;
    }
  };
}
