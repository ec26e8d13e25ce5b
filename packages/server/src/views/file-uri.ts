/** A local path as Flink prints it: one slash after the scheme. */
export function toFileUri(path: string): string {
  return path.startsWith('file:') ? path : `file:${path}`;
}
