/** One frame of a sampled stack. Lines and columns from 1; 0: unknown. */
export interface StackFrame {
  /** "" for anonymous functions. */
  readonly functionName: string;
  /** As the engine names it: a path, a file: URL, "yeoul-operator/…". */
  readonly url: string;
  readonly line: number;
  readonly column: number;
}

/** "\tat map (job.ts:3:22)", as Node prints it. */
export function formatFrame({ functionName, url, line, column }: StackFrame): string {
  const place = line === 0 ? url : `${url}:${line}:${column}`;
  if (place === '') return `\tat ${functionName === '' ? '<anonymous>' : functionName}`;
  return functionName === '' ? `\tat ${place}` : `\tat ${functionName} (${place})`;
}
