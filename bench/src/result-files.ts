import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

/** Where and when a result came from. */
export interface ResultOrigin {
  readonly measuredAt: string;
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly loadAverageAtStart: number;
}

export function describeOrigin(measuredAt: string, loadAverageAtStart: number): ResultOrigin {
  const cores = cpus();
  return {
    measuredAt,
    node: process.version,
    cpu: cores[0]?.model ?? 'unknown',
    cores: cores.length,
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    loadAverageAtStart,
  };
}

/** Writes NAME.json and, when there is a picture, NAME.svg. @returns the files written */
export async function writeResultFiles(
  dir: string,
  name: string,
  result: object,
  svg: string | undefined,
): Promise<string[]> {
  await mkdir(dir, { recursive: true });
  const contents = new Map([[join(dir, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`]]);
  if (svg !== undefined) contents.set(join(dir, `${name}.svg`), svg);
  for (const [file, content] of contents) await writeFile(file, content);
  return [...contents.keys()];
}
