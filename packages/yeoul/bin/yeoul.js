#!/usr/bin/env node
// The `yeoul` command. Plain JavaScript and committed, so that the link in node_modules/.bin exists before the first build.
import { existsSync } from 'node:fs';

const entry = new URL('../dist/cli.js', import.meta.url);
if (existsSync(entry)) {
  const { main } = await import(entry.href);
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write('yeoul is not built: run `npm run build` in the repository root first\n');
  process.exitCode = 1;
}
