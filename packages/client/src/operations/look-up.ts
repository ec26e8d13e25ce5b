// What became of an unsafe call whose answer was lost: looked up, never done again.
import { FlinkClientError } from '../errors/client-error.ts';
import { FlinkOutcomeUnknownError } from '../errors/connection-error.ts';
import type { RequestOptions } from '../http/connection.ts';
import type { OperationContext } from './operation-context.ts';

/** 10 s: a server that got the request is longer at work on it only when it evaluates a slow program. */
const LOOK_UP_MILLIS = 10_000;
const FIRST_PAUSE_MILLIS = 100;
const LONGEST_PAUSE_MILLIS = 2_000;

export interface LookUp<T> {
  readonly options: RequestOptions;
  /** Of what may have been done; for the error. */
  readonly jobId?: string | undefined;
  readonly triggerId?: string | undefined;
  /** undefined as its answer: nothing to be seen of it (yet). Without it there is nothing to look for. */
  readonly find?: (() => Promise<T | undefined>) | undefined;
}

/**
 * Does the call; if its answer is lost, looks for what it would have done.
 * @throws FlinkOutcomeUnknownError, with the ids, when nothing is found
 */
export async function orLookUp<T>(context: OperationContext, call: () => Promise<T>, lookUp: LookUp<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof FlinkOutcomeUnknownError)) throw error;
    const found = lookUp.find === undefined ? undefined : await search(context, lookUp.options, lookUp.find);
    if (found !== undefined) return found;
    throw new FlinkOutcomeUnknownError(error.message, { ...factsOf(error), ...lookUp }, { cause: error });
  }
}

async function search<T>(
  { connection }: OperationContext,
  options: RequestOptions,
  find: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const { clock } = connection.options;
  const endMillis = clock.nowMillis() + LOOK_UP_MILLIS;
  for (let pauseMillis = FIRST_PAUSE_MILLIS; ; pauseMillis = Math.min(pauseMillis * 2, LONGEST_PAUSE_MILLIS)) {
    const found = await tryFind(find);
    if (found !== undefined || clock.nowMillis() + pauseMillis >= endMillis) return found;
    await clock.sleep(pauseMillis, options.signal);
  }
}

/** The caller's abort goes through; everything else only means that nothing is to be seen. */
async function tryFind<T>(find: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await find();
  } catch (error) {
    if (error instanceof FlinkClientError) return undefined;
    throw error;
  }
}

function factsOf({ kind, method, url }: FlinkOutcomeUnknownError) {
  return { kind, method, url };
}
