// The cluster's slots as permits: a job holds as many as it needs for its whole life.
//   Requests are served in order; a request that cannot be served in time fails with the numbers.
import type { Clock, TimerHandle } from '../../clock.ts';
import { type AppError, appError } from '../../errors.ts';

interface SlotRequest {
  readonly count: number;
  readonly explanation: string;
  readonly resolve: () => void;
  readonly reject: (error: AppError) => void;
  timer: TimerHandle | undefined;
}

export class SlotPool {
  readonly total: number;
  readonly #clock: Clock;
  #free: number;
  #waiting: SlotRequest[] = [];

  constructor(total: number, clock: Clock) {
    this.total = total;
    this.#free = total;
    this.#clock = clock;
  }

  get free(): number {
    return this.#free;
  }

  /** @throws SLOTS_SHORT at once when the cluster could never serve it */
  checkPossible(count: number, explanation: string): void {
    if (count > this.total) throw this.#short(count, explanation);
  }

  /** @throws SLOTS_SHORT after timeoutMs; the signal takes the request back */
  acquire(count: number, explanation: string, timeoutMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const request: SlotRequest = { count, explanation, resolve, reject, timer: undefined };
      const giveUp = () => this.#giveUp(request);
      request.timer = this.#clock.schedule(this.#clock.nowMs() + timeoutMs, giveUp);
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.push(request);
      this.#serve();
    });
  }

  release(count: number): void {
    this.#free += count;
    this.#serve();
  }

  #serve(): void {
    for (let next = this.#waiting[0]; next !== undefined && next.count <= this.#free; next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#free -= next.count;
      next.timer?.cancel();
      next.resolve();
    }
  }

  #giveUp(request: SlotRequest): void {
    if (!this.#waiting.includes(request)) return;
    this.#waiting = this.#waiting.filter((other) => other !== request);
    request.timer?.cancel();
    request.reject(this.#short(request.count, request.explanation));
    this.#serve();
  }

  #short(count: number, explanation: string): AppError {
    return appError('SLOTS_SHORT', [count, explanation, this.#free, this.total]);
  }
}
