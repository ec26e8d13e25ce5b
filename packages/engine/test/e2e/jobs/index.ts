import { broadcastState, connect, intervalJoin } from './joins.ts';
import { asyncOrdered, asyncUnordered, partitioners, processTimers, sideOutput } from './streams.ts';
import { session, sliding, tumbling } from './windows.ts';
import { wordCount } from './word-count.ts';

export const goldenJobs = [
  wordCount,
  tumbling,
  sliding,
  session,
  intervalJoin,
  connect,
  broadcastState,
  asyncOrdered,
  asyncUnordered,
  sideOutput,
  processTimers,
  partitioners,
];
