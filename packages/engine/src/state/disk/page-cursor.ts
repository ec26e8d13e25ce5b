import type { SnapshotCursor } from '../cells.ts';
import type { DiskPage, DiskRun } from './disk-page.ts';

/** Hands the cells of all pages to a run. @param pages also gives those that come while it is read, and that left the table */
export function createPageCursor(pages: Iterator<DiskPage>, run: DiskRun): SnapshotCursor {
  let page: DiskPage | undefined;
  let position = 0;
  return {
    advance: (maxCells) => {
      for (let left = maxCells; left > 0; ) {
        if (page === undefined) {
          const next = pages.next();
          if (next.done === true) return true;
          page = next.value;
          position = 0;
        }
        const from = position;
        position = page.writePending(run, from, left);
        left -= Math.max(1, position - from);
        if (position === page.positionLimit) page = undefined;
      }
      return false;
    },
  };
}
