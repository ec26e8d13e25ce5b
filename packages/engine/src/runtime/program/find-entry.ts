// The entry of a loaded program: its default export, or an entry class named at submission.
import type { Program } from '../../api/program.ts';
import { appError } from '../../errors.ts';
import type { ProgramEntry } from './driver-protocol.ts';
import type { ProgramExports } from './load-program.ts';

/**
 * An entry is a function (env, args), or an object or class with a `main(env, args)`, exported under the name.
 * @param entry export name; "default" falls back to the only entry of the module
 * @throws PROGRAM_ENTRY_MISSING with the names there are
 */
export function findEntry(exports: ProgramExports, entry: string): Program {
  const found = toProgram(exports[entry]) ?? (entry === 'default' ? onlyEntry(exports) : undefined);
  if (!found) throw appError('PROGRAM_ENTRY_MISSING', [entry, entryNames(exports).join(', ') || 'none']);
  return found;
}

export function entryNames(exports: ProgramExports): string[] {
  return Object.keys(exports).filter((name) => toProgram(exports[name]));
}

/** The default export first; one that is exported under a name as well is listed by that name only. */
export function describeEntries(exports: ProgramExports): ProgramEntry[] {
  const names = entryNames(exports);
  const isDefault = (name: string) => exports[name] === exports.default;
  const named = names.filter((name) => name !== 'default');
  const ordered = [...named.filter(isDefault), ...named.filter((name) => !isDefault(name))];
  if (names.includes('default') && !named.some(isDefault)) ordered.unshift('default');
  return ordered.map((name) => ({ name, description: descriptionOf(exports[name]) }));
}

function descriptionOf(entry: unknown): string | undefined {
  const { description } = entry as { readonly description?: unknown };
  return typeof description === 'string' ? description : undefined;
}

function onlyEntry(exports: ProgramExports): Program | undefined {
  const names = entryNames(exports);
  return names.length === 1 ? toProgram(exports[names[0] as string]) : undefined;
}

function toProgram(value: unknown): Program | undefined {
  const main = (value as { main?: unknown } | null | undefined)?.main;
  if (typeof main === 'function') return main.bind(value) as Program;
  if (typeof value === 'function' && !isClass(value)) return value as Program;
  return undefined;
}

function isClass(value: object): boolean {
  return /^class\b/.test(Function.prototype.toString.call(value));
}
