// What readers of a job's events are told: its line, its vertices, its checkpoints, each as a whole and only when it is not as it was.
//   F1. A state is told at most TICK_MS after it changed; numbers are looked at every NUMBERS_MS. Nothing is told more often than that.
//   F2. All readers of a job share one feed; without readers nothing is made.
//   F3. A reader that names the last event it saw gets only what is newer, while the feed is the same; else everything.
import type { JobDetailView, LocalCluster } from '@yeoul/engine/runtime';
import type { EventReader, StreamedEvent } from '../http/event-streams.ts';
import { type JobEventType, toJobEvents } from '../views/job-events.ts';

const TICK_MS = 200;
/** As often as slots report. */
const NUMBERS_MS = 1000;

/** Of the last event of all. */
export const END_ID = 'end';

export interface JobFeedOptions {
  readonly jobId: string;
  readonly cluster: Pick<LocalCluster, 'jobDetail' | 'revision' | 'metrics'>;
  readonly clock: { nowMs(): number };
  /** No readers are left, or the job has ended. */
  readonly onIdle: () => void;
}

interface Told {
  readonly number: number;
  readonly data: string;
}

export class JobFeed {
  readonly #options: JobFeedOptions;
  readonly #readers = new Set<EventReader>();
  /** The newest of each type. */
  readonly #told = new Map<JobEventType, Told>();
  /** Sets this feed's ids apart from those of earlier ones. */
  readonly #epoch: string;
  #timer: NodeJS.Timeout | undefined;
  #number = 0;
  #isOver = false;
  #revision = -1;
  #lookedMs = 0;

  constructor(options: JobFeedOptions) {
    this.#options = options;
    this.#epoch = options.clock.nowMs().toString(36);
  }

  /** @param lastEventId what the reader saw last, F3 @returns ends it */
  add(reader: EventReader, lastEventId: string | undefined): () => void {
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS);
    // First, so that who is here already hears of what is new.
    this.#look();
    this.#readers.add(reader);
    const seen = this.#numberOf(lastEventId);
    for (const [type, told] of this.#told) if (told.number > seen) reader.send(this.#toEvent(type, told));
    if (this.#isOver) this.#end();
    return () => this.#remove(reader);
  }

  #remove(reader: EventReader): void {
    if (this.#readers.delete(reader) && this.#readers.size === 0) this.#stop();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#options.onIdle();
  }

  /** F1. */
  #tick(): void {
    const { clock, cluster } = this.#options;
    if (cluster.revision !== this.#revision || clock.nowMs() - this.#lookedMs >= NUMBERS_MS) this.#look();
    if (this.#isOver) this.#end();
  }

  #look(): void {
    const { clock, cluster } = this.#options;
    this.#revision = cluster.revision;
    this.#lookedMs = clock.nowMs();
    const job = this.#find();
    const time = { nowMs: this.#lookedMs, fetchIntervalMs: cluster.metrics.updateIntervalMs };
    if (job !== undefined) for (const [type, value] of toJobEvents(job, time)) this.#tell(type, value);
    this.#isOver = job === undefined || isOver(job);
  }

  /** Undefined: it has ended, and is not kept any more. */
  #find(): JobDetailView | undefined {
    try {
      return this.#options.cluster.jobDetail(this.#options.jobId);
    } catch {
      return undefined;
    }
  }

  #tell(type: JobEventType, value: object): void {
    const data = JSON.stringify(value);
    if (this.#told.get(type)?.data === data) return;
    const told = { number: ++this.#number, data };
    this.#told.set(type, told);
    for (const reader of this.#readers) reader.send(this.#toEvent(type, told));
  }

  #end(): void {
    const readers = [...this.#readers];
    this.#readers.clear();
    for (const reader of readers) {
      reader.send({ id: END_ID, type: 'end', data: '{}' });
      reader.end();
    }
    this.#stop();
  }

  #toEvent(type: JobEventType, { number, data }: Told): StreamedEvent {
    return { id: `${this.#epoch}.${number}`, type, data };
  }

  /** F3. 0: nothing of this feed. */
  #numberOf(eventId: string | undefined): number {
    const [epoch, number] = eventId?.split('.') ?? [];
    return epoch === this.#epoch && /^\d{1,15}$/.test(number ?? '') ? Number(number) : 0;
  }
}

export function isOver({ endTimeMs }: JobDetailView): boolean {
  return endTimeMs >= 0;
}
