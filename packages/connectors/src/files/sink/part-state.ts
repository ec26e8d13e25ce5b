// What a file sink keeps in checkpoints.

/** A part that holds records of the checkpoint and was not known to be finished. */
export interface UnfinishedPart {
  readonly kind: 'part';
  readonly directory: string;
  readonly inProgressName: string;
  readonly finishedName: string;
  /** Bytes that belong to the checkpoint, on disk when it was acknowledged. */
  readonly sizeBytes: number;
  /** True: the part had been ended, so it has exactly sizeBytes. False: it may have grown since. */
  readonly isEnded: boolean;
}

/** One per subtask. */
export interface SubtaskMark {
  readonly kind: 'subtask';
  readonly subtask: number;
  readonly parallelism: number;
  /** Counter of the next part. */
  readonly nextCounter: number;
}

export type FileSinkState = UnfinishedPart | SubtaskMark;
