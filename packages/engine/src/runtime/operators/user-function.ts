// Runs the life cycle of the object behind a user function: runtime context, state, open, snapshots, notifications, close.
import type { CheckpointedFunction, CheckpointListener, RichFunctionLifecycle } from '../../api/functions.ts';
import type {
  OperatorContext,
  OperatorSnapshotContext,
  StateInitializationContext,
  StreamOperator,
} from './stream-operator.ts';

type UserObject = RichFunctionLifecycle & Partial<CheckpointedFunction> & Partial<CheckpointListener>;

export type OperatorLifecycle = Required<
  Pick<
    StreamOperator,
    | 'initializeState'
    | 'open'
    | 'snapshotState'
    | 'notifyCheckpointComplete'
    | 'notifyCheckpointAborted'
    | 'close'
    | 'needsFinalCheckpoint'
  >
>;

/** The operator members that a user object takes part in; every one is a no-op without it. */
export function userFunctionLifecycle(
  rich: RichFunctionLifecycle | undefined,
  context: OperatorContext,
): OperatorLifecycle {
  const user = (rich ?? {}) as UserObject;
  return {
    initializeState: (state) => initializeUserState(user, context, state),
    open: () => user.open?.(context.runtime),
    snapshotState: (snapshot) => snapshotUserState(user, snapshot),
    notifyCheckpointComplete: (checkpointId) => user.notifyCheckpointComplete?.(checkpointId),
    notifyCheckpointAborted: (checkpointId) => user.notifyCheckpointAborted?.(checkpointId),
    close: () => user.close?.(),
    needsFinalCheckpoint: typeof user.notifyCheckpointComplete === 'function',
  };
}

function initializeUserState(
  user: UserObject,
  context: OperatorContext,
  state: StateInitializationContext,
): void | Promise<void> {
  user.setRuntimeContext?.(context.runtime);
  return user.initializeState?.({
    isRestored: state.isRestored,
    restoredCheckpointId: state.restoredCheckpointId,
    operatorStateStore: context.operatorState,
    currentProcessingTime: () => context.clock.nowMs(),
    warn: (message) => context.print('stderr', `${message}\n`),
  });
}

function snapshotUserState(user: UserObject, snapshot: OperatorSnapshotContext): void | Promise<void> {
  return user.snapshotState?.({
    checkpointId: snapshot.checkpointId,
    checkpointTimestampMs: snapshot.checkpointTimestampMs,
  });
}
