// Restores rows that are parts into a backend that keeps values whole: cells hold what was read until all was.
import { assert } from '../errors.ts';
import type { Cells } from './cells.ts';
import type { KeyContext } from './key-context.ts';
import { joinParts, PartNamespace } from './parts.ts';
import type { RestoredState } from './restore-keyed-state.ts';
import type { KeyedStateKind } from './state-schema.ts';

/** What a cell holds meanwhile: parts by number. */
class CollectedParts {
  readonly parts = new Map<number, unknown>();
}

export function collectParts(context: KeyContext, cells: Cells): RestoredState {
  const select = (key: unknown, namespace: unknown) => {
    context.setCurrentKey(key);
    const isPart = namespace instanceof PartNamespace;
    cells.setCurrentNamespace(isPart ? namespace.namespace : namespace);
    return isPart ? namespace.part : 0;
  };
  return {
    put: (key, namespace, value) => {
      const part = select(key, namespace);
      const cell = cells.read();
      const collected = cell instanceof CollectedParts ? cell : new CollectedParts();
      collected.parts.set(part, value);
      cells.write(collected);
    },
    remove: (key, namespace) => {
      const part = select(key, namespace);
      const cell = cells.read();
      if (cell instanceof CollectedParts && cell.parts.delete(part) && cell.parts.size === 0) cells.remove();
    },
  };
}

/** For each cell when all was read. */
export function joinCollected(kind: KeyedStateKind, cell: unknown): unknown {
  if (!(cell instanceof CollectedParts)) return cell;
  const joined = joinParts(kind, (part) => cell.parts.get(part));
  assert(joined !== undefined, 'parts of a value come with their head');
  return joined;
}
