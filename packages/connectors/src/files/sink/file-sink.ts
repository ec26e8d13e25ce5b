// Rolling part files, exactly once.
//   F1. A finished part appears by rename, whole, and is never changed or removed by the sink again.
//   F2. A part is finished only when a checkpoint that counts its last byte is complete: at its notification, or at a restore from it.
//   F3. What a checkpoint counts is on disk before it is acknowledged: content synced, new names synced. When a sync or a write fails
//       the sink fails for good: the operating system may have dropped the pages, and a second sync would not say so.
//   F4. The state names every part that is not known to be finished, with its length. A part leaves the state only after its rename is on disk.
//   F5. At restore every part of the state is cut to its length and finished (length 0: removed). Each step may have been done already.
//   F6. No name is used twice: a counter goes on from the state, and past every part that is in the folder, whosoever.
//   F7. Only unfinished files are removed that carry this job, operator and subtask and that the restored state does not name: nobody
//       else writes them, and no complete checkpoint counts them. When the state came from another parallelism nothing is removed.
//   F8. At most maxOpenParts files are open; one more ends the part that was written least recently.
//   F9. A part that somebody else renamed, removed or wrote to fails the next checkpoint.
// A crash between any two steps leaves hidden files that F5 finishes or F7 removes, and finished files that F2 allowed.
import {
  type CheckpointedFunction,
  type CheckpointListener,
  type FunctionInitializationContext,
  type FunctionSnapshotContext,
  type ListState,
  ListStateDescriptor,
  RichSinkFunction,
  type SinkContext,
} from '@yeoul/engine';
import type { Encoder, EncoderLike } from './encoder.ts';
import { FileSinkBuilder } from './file-sink-builder.ts';
import type { ResolvedFileSinkOptions } from './file-sink-options.ts';
import type { FileSinkState } from './part-state.ts';
import { PartWriter } from './part-writer.ts';

const STATE_NAME = 'file-sink-parts';

export class FileSink<T> extends RichSinkFunction<T> implements CheckpointedFunction, CheckpointListener {
  readonly #options: ResolvedFileSinkOptions<T>;
  readonly #encoder: Encoder<T>;
  #parts: PartWriter | undefined;
  #state: ListState<FileSinkState> | undefined;

  /** Internal: use forRowFormat. */
  constructor(options: ResolvedFileSinkOptions<T>) {
    super();
    this.#options = options;
    this.#encoder = options.encoder;
  }

  /**
   * @param basePath folder of the output; made when it is missing. One job writes there, or each has a part prefix of its own.
   * @param encoder record to bytes, line end included
   */
  static forRowFormat<T>(basePath: string, encoder: EncoderLike<T>): FileSinkBuilder<T> {
    return new FileSinkBuilder(basePath, encoder, (options) => new FileSink(options));
  }

  async initializeState(context: FunctionInitializationContext): Promise<void> {
    const runtime = this.getRuntimeContext();
    this.#state = context.operatorStateStore.getListState(new ListStateDescriptor<FileSinkState>(STATE_NAME));
    this.#parts = new PartWriter({
      ...this.#options,
      owner: {
        jobId: runtime.jobId,
        operatorId: runtime.operatorId,
        subtask: runtime.indexOfThisSubtask,
        prefix: this.#options.partPrefix,
        suffix: this.#options.partSuffix,
      },
      parallelism: runtime.numberOfParallelSubtasks,
    });
    await this.#parts.recover(context.isRestored ? this.#state.get() : []);
  }

  override invoke(record: T, context: SinkContext): void | Promise<void> {
    const bucketId = this.#options.assigner.getBucketId(record, context);
    return this.#writer().write(bucketId, this.#encoder.encode(record), context.currentProcessingTime());
  }

  snapshotState(context: FunctionSnapshotContext): Promise<void> {
    const parts = this.#writer();
    const { state, durable } = parts.snapshot(context.checkpointId, context.checkpointTimestampMs);
    this.#state?.update(state);
    return durable;
  }

  notifyCheckpointComplete(checkpointId: number): Promise<void> {
    return this.#writer().commit(checkpointId);
  }

  /** Ends every part: the checkpoint to come finishes them. */
  override finish(): Promise<void> {
    return this.#writer().endAll();
  }

  /** Unfinished files stay: a restore needs them. */
  override async close(): Promise<void> {
    const parts = this.#parts;
    this.#parts = undefined;
    await parts?.close();
  }

  #writer(): PartWriter {
    if (this.#parts === undefined)
      throw new Error('The file sink is not open: initializeState has not run, or close has');
    return this.#parts;
  }
}
