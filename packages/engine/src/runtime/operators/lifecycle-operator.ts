import type { RichFunctionLifecycle } from '../../api/functions.ts';
import type {
  OperatorContext,
  OperatorInput,
  OperatorSnapshotContext,
  StateInitializationContext,
  StreamOperator,
} from './stream-operator.ts';
import { type OperatorLifecycle, userFunctionLifecycle } from './user-function.ts';

/** Base of operators that are classes: runs the life cycle of the user's object; subclasses add their own around it. */
export abstract class LifecycleOperator implements StreamOperator {
  abstract readonly inputs: readonly OperatorInput[];
  readonly needsFinalCheckpoint: boolean;
  protected readonly context: OperatorContext;
  readonly #lifecycle: OperatorLifecycle;

  constructor(rich: RichFunctionLifecycle | undefined, context: OperatorContext) {
    this.context = context;
    this.#lifecycle = userFunctionLifecycle(rich, context);
    this.needsFinalCheckpoint = this.#lifecycle.needsFinalCheckpoint;
  }

  initializeState(state: StateInitializationContext): void | Promise<void> {
    return this.#lifecycle.initializeState(state);
  }

  open(): void | Promise<void> {
    return this.#lifecycle.open();
  }

  snapshotState(snapshot: OperatorSnapshotContext): void | Promise<void> {
    return this.#lifecycle.snapshotState(snapshot);
  }

  notifyCheckpointComplete(checkpointId: number): void | Promise<void> {
    return this.#lifecycle.notifyCheckpointComplete(checkpointId);
  }

  notifyCheckpointAborted(checkpointId: number): void | Promise<void> {
    return this.#lifecycle.notifyCheckpointAborted(checkpointId);
  }

  close(): void | Promise<void> {
    return this.#lifecycle.close();
  }
}
