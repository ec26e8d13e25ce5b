import type { ProgramContext } from '../program-context.ts';

/** Where the program is calling from, e.g. "main(word-count.ts:12)"; Flink's placeholder when that is not known. */
export function callLocation(context: ProgramContext): string {
  return context.callSite?.(new Error('call location')) ?? '<unknown>';
}
