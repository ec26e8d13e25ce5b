// Several uploads at once over what is left, in every order that a scheduler can make of their steps.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JarSpace } from '../../src/jars/jar-space.ts';

const limits = { maxJars: 4, maxKeptBytes: 100, maxUploads: 3 };

interface Upload {
  readonly pieces: readonly number[];
  readonly programBytes: number;
  /** Its check fails: it is not kept. */
  readonly isBad: boolean;
}

const piece = fc.integer({ min: 1, max: 40 });
const upload = fc.record<Upload>({
  pieces: fc.array(piece, { minLength: 1, maxLength: 4 }),
  programBytes: piece,
  isBad: fc.boolean(),
});

test('kept and incoming bytes never exceed the limit, nor jars and uploads theirs; what was refused leaves room', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(upload, { minLength: 1, maxLength: 8 }), async (scheduler, uploads) => {
      const kept: number[] = [];
      const incoming = new Map<string, number>();
      const sum = (sizes: Iterable<number>) => [...sizes].reduce((total, size) => total + size, 0);
      const space = new JarSpace(limits, async () => {
        await scheduler.schedule(Promise.resolve(), 'measure');
        return { jars: kept.length, sizeBytes: sum(kept) };
      });
      const check = () => {
        expect(sum(kept) + sum(incoming.values())).toBeLessThanOrEqual(limits.maxKeptBytes);
        expect([kept.length <= limits.maxJars, incoming.size <= limits.maxUploads]).toEqual([true, true]);
      };
      const run = async ({ pieces, programBytes, isBad }: Upload, index: number) => {
        const id = `upload ${index}`;
        await scheduler.schedule(Promise.resolve(), 'arrive');
        try {
          await space.begin(id);
          for (const size of pieces) {
            await space.take(id, size);
            incoming.set(id, (incoming.get(id) ?? 0) + size);
            check();
            await scheduler.schedule(Promise.resolve(), 'piece');
          }
          if (isBad) throw Object.assign(new Error('bad'), { code: 'BAD' });
          await space.keep(id, programBytes, async () => {
            await scheduler.schedule(Promise.resolve(), 'keep');
            kept.push((incoming.get(id) ?? 0) + programBytes);
            incoming.delete(id);
            check();
          });
        } catch (error) {
          expect(['BAD', 'UPLOAD_LIMIT', 'JAR_STORE_FULL', 'JAR_SPACE_FULL']).toContain(
            (error as { code: string }).code,
          );
          incoming.delete(id);
          if ((error as { code: string }).code !== 'UPLOAD_LIMIT') space.end(id);
        }
      };
      await scheduler.waitFor(Promise.all(uploads.map(run)));
      kept.length = 0;
      const again = (async () => {
        await space.begin('after');
        await space.take('after', limits.maxKeptBytes);
      })();
      await scheduler.waitFor(again);
    }),
    { numRuns: 200 },
  );
});

test('who finds no room is told the sum and the limit', async () => {
  const space = new JarSpace(limits, async () => ({ jars: 1, sizeBytes: 60 }));
  await space.begin('a');
  await space.take('a', 30);
  await expect(space.take('a', 11)).rejects.toMatchObject({
    code: 'JAR_SPACE_FULL',
    message: expect.stringContaining(
      'would take 101 bytes with their programs, the limit is 100 (jars.max-kept-bytes)',
    ),
  });
  await space.take('a', 10);
});

test('uploads above the limit are refused until one ends', async () => {
  const space = new JarSpace(limits, async () => ({ jars: 0, sizeBytes: 0 }));
  await Promise.all(['a', 'b', 'c'].map((id) => space.begin(id)));
  await expect(space.begin('d')).rejects.toMatchObject({ code: 'UPLOAD_LIMIT' });
  space.end('b');
  await space.begin('d');
});
