// Rows of subtasks: 1.9 has `host`, with the port on some pages and the bare name on others; 1.20 has the bare name everywhere and `endpoint`
// ("host:port") beside it; 2.x has only `endpoint`.
import { isObject, type Json } from './json.ts';

export function fromLaterRows(page: Json, field: string, host: 'endpoint' | 'name'): Json {
  const rows = page[field];
  if (!Array.isArray(rows)) return page;
  return { ...page, [field]: rows.map((row: unknown) => (isObject(row) ? fromLaterRow(row, host) : row)) };
}

export function fromLaterRow(row: Json, host: 'endpoint' | 'name'): Json {
  const { endpoint } = row;
  if (typeof endpoint !== 'string') return row;
  return { ...row, host: host === 'endpoint' ? endpoint : endpoint.replace(/:\d+$/, '') };
}
