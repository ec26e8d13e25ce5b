// Exceptions: 2.x has only the history; 1.9's fields are made from it.
import { isObject, type Json, objectsOf } from './json.ts';

export function fromLaterExceptions(page: Json): Json {
  const { exceptionHistory } = page;
  if ('all-exceptions' in page || !isObject(exceptionHistory)) return page;
  const entries = objectsOf(exceptionHistory.entries);
  return {
    'root-exception': entries[0]?.stacktrace ?? null,
    timestamp: entries[0]?.timestamp ?? null,
    'all-exceptions': entries.flatMap(withConcurrent).filter(hasTask).map(toRow),
    truncated: exceptionHistory.truncated ?? false,
    ...page,
  };
}

function withConcurrent(entry: Json): readonly Json[] {
  return [entry, ...objectsOf(entry.concurrentExceptions)];
}

function hasTask({ taskName }: Json): boolean {
  return typeof taskName === 'string' && taskName !== '';
}

function toRow({ stacktrace, taskName, endpoint, timestamp }: Json): Json {
  return { exception: stacktrace, task: taskName, location: endpoint ?? '(unassigned)', timestamp };
}
