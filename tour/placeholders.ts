// What the page writes for one reader, and what it is in this run.

/** Texts of the page, each with what takes its place. */
export type Placeholders = readonly (readonly [documented: string, actual: string])[];

export interface Surroundings {
  /** Of the server. */
  readonly url: string;
  /** Where the server was started; undefined: not known. */
  readonly directory?: string | undefined;
  /** Where savepoints go; undefined: where the page says. */
  readonly savepoints?: string | undefined;
}

export function placeholdersOf({ url, directory, savepoints }: Surroundings): Placeholders {
  const pairs: (readonly [string, string | undefined])[] = [
    ['http://127.0.0.1:8081', url],
    // It may be in that folder.
    ['/tmp/flink/savepoints/tmp', savepoints],
    ['/home/you/yeoul', directory],
  ];
  return pairs.flatMap(([documented, actual]) => (actual === undefined ? [] : [[documented, actual] as const]));
}

export function toActual(text: string, placeholders: Placeholders): string {
  return placeholders.reduce((result, [documented, actual]) => result.replaceAll(documented, actual), text);
}

export function toDocumented(text: string, placeholders: Placeholders): string {
  return placeholders.reduce((result, [documented, actual]) => result.replaceAll(actual, documented), text);
}
