// The tour of docs/tour.md.
//   npm run tour                              plays it on a server of its own
//   npm run tour -- --url http://127.0.0.1:8081   on a running one
//   npm run tour -- --pause                   waits for Enter before each command
//   npm run tour -- --page docs/ko/tour.md    the Korean page
//   npm run tour -- --check                   compares every answer with the documented one
//   npm run tour -- --write                   puts answers that differ into the page
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type CheckedStep, checkPage, describe } from './check-page.ts';
import { parsePage } from './parse-page.ts';
import { placeholdersOf, type Surroundings } from './placeholders.ts';
import { play } from './play.ts';
import { startTourServer } from './tour-server.ts';
import { writeAnswers } from './write-answers.ts';

/** Time to read a command before it runs, ms. */
const READING_MS = 700;

const root = process.cwd();
const { values: flags } = parseArgs({
  options: {
    url: { type: 'string' },
    page: { type: 'string', default: 'docs/tour.md' },
    pause: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
const page = await readFile(flags.page, 'utf8');
const tour = parsePage(page);

if (flags.url === undefined) {
  await using server = await startTourServer(root);
  const savepoints = join(server.directory, 'savepoints');
  await goThrough(flags.check || flags.write ? { ...server, savepoints } : { url: server.url });
} else await goThrough({ url: flags.url.replace(/\/+$/, '') });

async function goThrough(surroundings: Surroundings): Promise<void> {
  const placeholders = placeholdersOf(surroundings);
  if (flags.check || flags.write) return check(placeholders);
  const { stdin: input, stdout: output } = process;
  const isDone = await play(tour, { root, placeholders, input, output, pause: flags.pause ? 'enter' : READING_MS });
  if (!isDone) process.exitCode = 1;
}

async function check(placeholders: ReturnType<typeof placeholdersOf>): Promise<void> {
  const checked: CheckedStep[] = [];
  for await (const step of checkPage(tour, { root, placeholders })) {
    checked.push(step);
    for (const line of describe(step, flags.page)) console.error(line);
  }
  const differing = checked.filter(({ problems }) => problems.length > 0).length;
  console.log(`${checked.length} of ${tour.steps.length} steps ran, ${differing} are not as documented`);
  if (flags.write) await writeFile(flags.page, writeAnswers(page, checked, placeholders));
  else if (differing > 0) process.exitCode = 1;
}
