// Room for jars: how many uploads are under way, and what all jars take on disk together.
//   S1. Kept jars, their unpacked programs and uploads under way never take more than `maxKeptBytes`: a piece counts before it is written.
//   S2. What is kept is measured, since files may be removed by hand; it is measured again before anything is refused for it.
//   S3. Jars are kept one after the other, so of several that would fit alone no more are kept than fit together.
import { appError } from '@yeoul/engine';
import type { JarLimits } from './jar-limits.ts';

export interface KeptJars {
  readonly jars: number;
  /** Jars and unpacked programs. */
  readonly sizeBytes: number;
}

type SpaceLimits = Pick<JarLimits, 'maxJars' | 'maxKeptBytes' | 'maxUploads'>;

export class JarSpace {
  readonly #limits: SpaceLimits;
  readonly #measure: () => Promise<KeptJars>;
  /** Bytes received, by upload. */
  readonly #uploads = new Map<string, number>();
  #kept: KeptJars = { jars: 0, sizeBytes: 0 };
  /** S3. Settles when the jar before is kept, or refused. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(limits: SpaceLimits, measure: () => Promise<KeptJars>) {
    this.#limits = limits;
    this.#measure = measure;
  }

  /** End it with `end`. @throws UPLOAD_LIMIT, JAR_STORE_FULL */
  async begin(upload: string): Promise<void> {
    if (this.#uploads.size >= this.#limits.maxUploads) throw appError('UPLOAD_LIMIT', [this.#uploads.size]);
    this.#uploads.set(upload, 0);
    try {
      await this.#inTurn(() => this.#look());
      this.#checkJars();
    } catch (error) {
      this.end(upload);
      throw error;
    }
  }

  /** S1. @throws JAR_SPACE_FULL */
  async take(upload: string, sizeBytes: number): Promise<void> {
    if (this.#freeBytes < sizeBytes) await this.#inTurn(() => this.#look());
    this.#checkBytes(sizeBytes);
    this.#uploads.set(upload, (this.#uploads.get(upload) ?? 0) + sizeBytes);
  }

  /**
   * S3.
   * @param programBytes what comes to the jar itself
   * @param keep puts it where it is measured
   * @throws JAR_STORE_FULL, JAR_SPACE_FULL, and what `keep` throws
   */
  keep(upload: string, programBytes: number, keep: () => Promise<void>): Promise<void> {
    return this.#inTurn(async () => {
      await this.#look();
      this.#checkJars();
      this.#checkBytes(programBytes);
      const sizeBytes = (this.#uploads.get(upload) ?? 0) + programBytes;
      this.#uploads.set(upload, sizeBytes);
      await keep();
      this.#kept = { jars: this.#kept.jars + 1, sizeBytes: this.#kept.sizeBytes + sizeBytes };
      this.end(upload);
    });
  }

  /** It is kept, or its file is gone. */
  end(upload: string): void {
    this.#uploads.delete(upload);
  }

  get #freeBytes(): number {
    const incomingBytes = [...this.#uploads.values()].reduce((sum, sizeBytes) => sum + sizeBytes, 0);
    return this.#limits.maxKeptBytes - this.#kept.sizeBytes - incomingBytes;
  }

  async #look(): Promise<void> {
    this.#kept = await this.#measure();
  }

  #checkJars(): void {
    const { jars } = this.#kept;
    if (jars >= this.#limits.maxJars) throw appError('JAR_STORE_FULL', [jars, this.#limits.maxJars]);
  }

  #checkBytes(sizeBytes: number): void {
    if (this.#freeBytes >= sizeBytes) return;
    const { maxKeptBytes } = this.#limits;
    throw appError('JAR_SPACE_FULL', [maxKeptBytes - this.#freeBytes + sizeBytes, maxKeptBytes]);
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(act);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}
