import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeyContext } from '../../src/state/key-context.ts';

const KEYS = ['a', 'b', 'c', 'd', 'e'];

/** What happens to keys; ids mean a key from their definition to the next. */
const step = fc.oneof(
  fc.record({
    kind: fc.constant('define' as const),
    channel: fc.nat(1),
    id: fc.nat(200),
    key: fc.constantFrom(...KEYS),
  }),
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('use' as const), channel: fc.nat(1), pick: fc.nat(99) }) },
  fc.record({ kind: fc.constant('add' as const), key: fc.constantFrom(...KEYS) }),
  fc.record({ kind: fc.constant('remove' as const), key: fc.constantFrom(...KEYS) }),
);

test('a key set by its id has the slot it has by itself, whatever was added and removed in between', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
      const context = new KeyContext(() => 0);
      const setters = [context.createKeySetter(), context.createKeySetter()];
      const defined: Map<number, string>[] = [new Map(), new Map()];
      const retained = new Set<string>();
      const slotOf = (key: string): number => {
        context.setCurrentKey(key);
        return context.find();
      };
      for (const taken of steps) {
        if (taken.kind === 'add') {
          if (retained.has(taken.key)) continue;
          context.setCurrentKey(taken.key);
          context.retain(context.claim());
          retained.add(taken.key);
        } else if (taken.kind === 'remove') {
          if (retained.delete(taken.key)) context.release(slotOf(taken.key));
        } else {
          const ids = defined[taken.channel]!;
          let id: number;
          if (taken.kind === 'define') {
            id = taken.id;
            ids.set(id, taken.key);
          } else {
            if (ids.size === 0) continue;
            id = [...ids.keys()][taken.pick % ids.size]!;
          }
          const key = ids.get(id)!;
          const expected = slotOf(key);
          setters[taken.channel]!(key, taken.kind === 'define' ? -2 - id : id);
          expect([context.key, context.find()]).toStrictEqual([key, expected]);
        }
      }
    }),
    { numRuns: 300 },
  );
});
