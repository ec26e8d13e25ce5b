// Maps whose keys are compared by content. The map itself keeps the key objects, so that codecs and iteration need nothing
// special; a side table finds the object that stands for an equal one.
import { canonicalKey, isPrimitiveKey } from '../canonical-key.ts';

const keyObjects = new WeakMap<ReadonlyMap<unknown, unknown>, Map<string, unknown>>();

/** @returns the key of the map that equals `key`, or undefined; primitives are returned as they are */
export function findKeyObject(map: ReadonlyMap<unknown, unknown>, key: unknown): unknown {
  return isPrimitiveKey(key) ? key : keyObjectsOf(map).get(canonicalKey(key));
}

/** @returns the key under which to put: the equal one in the map, or `key` itself, which the caller must put */
export function claimKeyObject(map: ReadonlyMap<unknown, unknown>, key: unknown): unknown {
  if (isPrimitiveKey(key)) return key;
  const objects = keyObjectsOf(map);
  const id = canonicalKey(key);
  const present = objects.get(id);
  if (present !== undefined) return present;
  objects.set(id, key);
  return key;
}

/** Removes the entry; true when there was one. */
export function deleteByKey(map: Map<unknown, unknown>, key: unknown): boolean {
  if (isPrimitiveKey(key)) return map.delete(key);
  const objects = keyObjectsOf(map);
  const id = canonicalKey(key);
  const present = objects.get(id);
  return present !== undefined && objects.delete(id) && map.delete(present);
}

function keyObjectsOf(map: ReadonlyMap<unknown, unknown>): Map<string, unknown> {
  let objects = keyObjects.get(map);
  if (objects === undefined) {
    objects = new Map();
    for (const key of map.keys()) if (!isPrimitiveKey(key)) objects.set(canonicalKey(key), key);
    keyObjects.set(map, objects);
  }
  return objects;
}
