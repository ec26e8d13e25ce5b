// One limit over several steps.
import type { OperationContext } from '../operations/operation-context.ts';
import type { WaitOptions } from './poll.ts';

export interface TimeBudget<T extends WaitOptions = WaitOptions> {
  /** Options for one call, at most as long as the client's calls take. */
  call(): Omit<T, 'pollMillis'>;
  /** Options for what is left of the whole. */
  left(): WaitOptions;
}

export function startBudget<T extends WaitOptions>(
  { connection }: OperationContext,
  options: T,
  defaultMillis: number,
): TimeBudget<T> {
  const { clock, timeoutMillis: callMillis } = connection.options;
  const { pollMillis, ...rest } = options;
  const endMillis = clock.nowMillis() + (options.timeoutMillis ?? defaultMillis);
  const leftMillis = () => Math.max(1, Math.ceil(endMillis - clock.nowMillis()));
  return {
    call: () => ({ ...rest, timeoutMillis: Math.min(callMillis, leftMillis()) }),
    left: () => ({ signal: options.signal, pollMillis, timeoutMillis: leftMillis() }),
  };
}
