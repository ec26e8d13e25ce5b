// The vertex of a job that a command line means: by id, by the beginning of an id, or by name.
import type { JobVertex } from '@yeoul/client';
import { renderTable } from './print/table.ts';
import { UsageError } from './usage-error.ts';

/** @throws UsageError with the vertices that there are */
export function chooseVertex(vertices: readonly JobVertex[], named: string): JobVertex {
  const lower = named.toLowerCase();
  const ways: readonly ((vertex: JobVertex) => boolean)[] = [
    ({ id, name }) => id === lower || name === named,
    ({ id }) => id.startsWith(lower),
    ({ name }) => name.toLowerCase().includes(lower),
  ];
  const found = named === '' ? [] : (ways.map((way) => vertices.filter(way)).find((some) => some.length > 0) ?? []);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const shown = found.length > 1 ? found : vertices;
  const lines = renderTable(
    [
      { head: 'vertex', value: ({ id }) => id },
      { head: 'name', value: ({ name }) => name },
    ],
    shown,
    {},
  );
  const what = found.length > 1 ? `"${named}" could be any of these` : `The job has no vertex "${named}". It has these`;
  throw new UsageError(`${what}:\n${lines.map((line) => `  ${line}`).join('\n')}`);
}
