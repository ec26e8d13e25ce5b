// Control elements that travel in line with records.

export interface LatencyMarker {
  readonly markedTimeMs: number;
  readonly operatorId: string;
  readonly subtaskIndex: number;
}

export interface CheckpointBarrier {
  readonly type: 'barrier';
  readonly checkpointId: number;
  readonly timestampMs: number;
  readonly options: CheckpointOptions;
}

export interface CheckpointOptions {
  readonly kind: 'checkpoint' | 'savepoint';
  readonly alignment: 'aligned' | 'at-least-once';
  /** Directory that exclusive files of this checkpoint go to, absolute path. */
  readonly directory: string;
  /** stop-with-savepoint: sources stop after this barrier; 'drain' also sends the last watermark before it. */
  readonly stop?: 'suspend' | 'drain' | undefined;
}

export type StreamEvent =
  | { readonly type: 'watermark'; readonly timestampMs: number }
  | { readonly type: 'status'; readonly idle: boolean }
  | { readonly type: 'latency'; readonly marker: LatencyMarker }
  | CheckpointBarrier
  | { readonly type: 'cancel-barrier'; readonly checkpointId: number }
  /** Last element of a channel. 'suspend': the job stops with a savepoint; nothing is flushed and event time does not end. */
  | { readonly type: 'end'; readonly reason: 'end-of-input' | 'suspend' };
