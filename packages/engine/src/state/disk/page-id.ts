import { namespaceId } from '../heap/heap-panes.ts';
import { PartNamespace } from '../parts.ts';

/** One of a kind for each namespace and part: equal namespaces have the same. */
export function pageIdOf(namespace: unknown): unknown {
  if (!(namespace instanceof PartNamespace)) return namespaceId(namespace);
  return `\u0000\u0000${namespace.part};${String(namespaceId(namespace.namespace))}`;
}
