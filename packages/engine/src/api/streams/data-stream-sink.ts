import type { OperatorTransformation } from '../../graph/transformation.ts';
import * as settings from './operator-settings.ts';

/** The end of a stream. */
export class DataStreamSink {
  readonly #transformation: OperatorTransformation;

  constructor(transformation: OperatorTransformation) {
    this.#transformation = transformation;
  }

  getTransformation(): OperatorTransformation {
    return this.#transformation;
  }

  /** Shown as "Sink: name". */
  name(name: string): this {
    this.#transformation.name = name;
    return this;
  }

  /** Identity of the sink's state over changes of the program; unique in the job. */
  uid(uid: string): this {
    settings.setUid(this.#transformation, uid);
    return this;
  }

  /** A second id, 32 hex digits, under which state of an older program is found. */
  setUidHash(uidHash: string): this {
    settings.setUidHash(this.#transformation, uidHash);
    return this;
  }

  setParallelism(parallelism: number): this {
    settings.setParallelism(this.#transformation, parallelism);
    return this;
  }

  setMaxParallelism(maxParallelism: number): this {
    settings.setMaxParallelism(this.#transformation, maxParallelism);
    return this;
  }

  disableChaining(): this {
    settings.disableChaining(this.#transformation);
    return this;
  }

  slotSharingGroup(group: string): this {
    this.#transformation.slotSharingGroup = group;
    return this;
  }
}
