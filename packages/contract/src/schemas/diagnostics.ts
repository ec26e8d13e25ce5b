// Log files and stacks.
import { Type } from 'typebox';
import type { Parameters } from '../parameters.ts';
import { EpochMs, Long } from './common.ts';

/** Files of a log folder. */
export const LogList = Type.Object({
  logs: Type.Array(Type.Object({ name: Type.String(), size: Long, mtime: EpochMs })),
});

export const logFileName = {
  type: 'string',
  description: 'As the list of log files has it',
} as const satisfies Parameters[string];

export const ThreadDump = Type.Object({
  threadInfos: Type.Array(
    Type.Object({
      threadName: Type.String(),
      stringifiedThreadInfo: Type.String({ description: 'Name, state and stack, as Java prints them' }),
    }),
  ),
});

/** A frame, how many samples had it, and the frames it called. */
export const FlameGraphNode = Type.Cyclic(
  {
    Node: Type.Object({
      name: Type.String(),
      value: Type.Integer({ format: 'int32' }),
      children: Type.Array(Type.Ref('Node')),
    }),
  },
  'Node',
);
