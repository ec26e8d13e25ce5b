// What a client is made with.
import type { AnyEndpoint } from '@yeoul/contract';
import { readAddress } from './http/base-url.ts';
import type { ClientClock, Random } from './http/client-clock.ts';
import { systemClock, systemRandom } from './http/system-clock.ts';
import { createSystemId } from './http/system-ids.ts';

export interface FlinkClientOptions {
  /** Of the REST API, such as http://127.0.0.1:8081; a path before it (a proxy's) and user:password@ are kept. */
  readonly baseUrl: string;
  /** Sent as `Authorization: Bearer`. */
  readonly token?: string | undefined;
  /** Default: the global one. */
  readonly fetch?: typeof fetch | undefined;
  /** Of one call with all its attempts; default 30 s. Uploads take their own default, 10 minutes. */
  readonly timeoutMillis?: number | undefined;
  /** Attempts of a safe (GET) call after the first; default 3. Other calls are never repeated. */
  readonly retries?: number | undefined;
  /** Is given every answer; `validateAnswer` holds it to the contract. Default: answers are taken as they are. */
  readonly validate?: ((endpoint: AnyEndpoint, answer: unknown) => void) | undefined;
  readonly clock?: ClientClock | undefined;
  readonly random?: Random | undefined;
  /** Ids of jobs and operations, 32 hex digits. */
  readonly createId?: (() => string) | undefined;
}

export interface ResolvedClientOptions {
  readonly baseUrl: string;
  readonly authorization: string | undefined;
  readonly fetch: typeof fetch;
  readonly timeoutMillis: number;
  readonly retries: number;
  readonly validate: (endpoint: AnyEndpoint, answer: unknown) => void;
  readonly clock: ClientClock;
  readonly random: Random;
  readonly createId: () => string;
}

export function resolveClientOptions(options: FlinkClientOptions): ResolvedClientOptions {
  return {
    ...readAddress(options.baseUrl, options.token),
    // Called as a function of its own: browsers refuse a fetch that is a method of something else.
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    timeoutMillis: options.timeoutMillis ?? 30_000,
    retries: options.retries ?? 3,
    validate: options.validate ?? (() => undefined),
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
    createId: options.createId ?? createSystemId,
  };
}
