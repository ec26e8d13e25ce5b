// Checkpoints: from 1.20 on (at the latest) the kind is in `className`, in 1.9 in `@class`.
import { isObject, type Json } from './json.ts';

export function fromLaterCheckpoint(checkpoint: Json): Json {
  return withClass(checkpoint);
}

export function fromLaterCheckpoints(page: Json): Json {
  const { latest, history } = page;
  return {
    ...page,
    ...(isObject(latest)
      ? { latest: Object.fromEntries(Object.entries(latest).map(([k, v]) => [k, withClass(v)])) }
      : {}),
    ...(Array.isArray(history) ? { history: history.map(withClass) } : {}),
  };
}

export function fromLaterTaskCheckpoint(page: Json): Json {
  return Array.isArray(page.subtasks) ? { ...page, subtasks: page.subtasks.map(withClass) } : page;
}

function withClass<T>(value: T): T | (T & Json) {
  if (!isObject(value) || typeof value.className !== 'string' || '@class' in value) return value;
  return { '@class': value.className, ...(value as T & Json) };
}
