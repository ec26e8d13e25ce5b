// Both pages against a server as `npm start` starts it: every command runs, every answer is as documented.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { problemsOf } from '../check-page.ts';
import { parsePage } from '../parse-page.ts';
import { placeholdersOf } from '../placeholders.ts';
import { startTourServer } from '../tour-server.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

async function check(page: string, change: (text: string) => string = (text) => text): Promise<string[]> {
  const text = change(await readFile(join(root, page), 'utf8'));
  await using server = await startTourServer(root);
  const placeholders = placeholdersOf({ ...server, savepoints: join(server.directory, 'savepoints') });
  return await problemsOf(parsePage(text), page, { root, placeholders });
}

test.each(['docs/tour.md', 'docs/ko/tour.md'])('%s does what it says', async (page) => {
  expect(await check(page)).toEqual([]);
});

test('a wrong key and a wrong type in the page are found', async () => {
  const [problem] = await check('docs/tour.md', (text) =>
    text
      .slice(0, text.indexOf('\n## Word count'))
      .replace('"refresh-interval": 3000', '"refresh-interval": "3000"')
      .replace('"flink-version"', '"version"'),
  );
  expect(problem).toMatch(
    /^docs\/tour\.md:\d+\n {2}the answer: keys refresh-interval, .*; documented are .*, version, /,
  );
});
