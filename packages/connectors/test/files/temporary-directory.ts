// A fresh directory per test, removed after it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';

const made: string[] = [];

afterEach(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
});

export function makeDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'yeoul-connectors-'));
  made.push(directory);
  return directory;
}
