import { describe, expect, test } from 'vitest';
import { checkDocs, errorPage, outline } from '../check-docs.mjs';
import { temporaryTree } from './temporary-tree.ts';

const fence = '```';

describe('pairs of pages', () => {
  const english = `# A\n## B\n${fence}ts\nrun(1); // once\n# not a heading\n${fence}\n`;

  test('the same outline and code pass, comments may be translated', async () => {
    const korean = `# 가\n## 나\n${fence}ts\nrun(1); // 한 번\n# 제목 아님\n${fence}\n`;
    expect(await checkDocs(temporaryTree({ 'README.md': english, 'README.ko.md': korean }))).toEqual([]);
  });

  test.each([
    ['a missing section', english.replace('## B\n', ''), 'D1: heading levels 1; README.md has 1 2'],
    ['other code', english.replace('run(1)', 'run(2)'), 'D1: its code differs from README.md'],
    ['missing code', '# A\n## B\n', 'D1: its code differs from README.md'],
  ])('%s is found', async (_, korean, problem) => {
    expect(await checkDocs(temporaryTree({ 'README.md': english, 'README.ko.md': korean }))).toEqual([
      expect.stringContaining(problem),
    ]);
  });

  test('one without the other is found, either way', async () => {
    expect(await checkDocs(temporaryTree({ 'README.md': '# A' }))).toEqual([
      expect.stringContaining('README.ko.md is missing'),
    ]);
    expect(await checkDocs(temporaryTree({ 'docs/a.ko.md': '# A' }))).toEqual(['docs/a.ko.md: D1: there is no a.md']);
  });

  test('a page of docs/ko is held to the page of the same name in docs', async () => {
    expect(await checkDocs(temporaryTree({ 'docs/a.md': '# A', 'docs/ko/a.md': '# 가' }))).toEqual([]);
    expect(await checkDocs(temporaryTree({ 'docs/a.md': '# A\n## B', 'docs/ko/a.md': '# 가' }))).toEqual([
      'docs/ko/a.md: D1: heading levels 1; a.md has 1 2',
    ]);
    expect(await checkDocs(temporaryTree({ 'docs/ko/b.md': '# 가' }))).toEqual(['docs/ko/b.md: D1: there is no b.md']);
  });

  test('a shorter fence inside a longer one is code', () => {
    expect(outline(`# A\n${fence}\`md\n${fence}\n# B\n${fence}\`\n## C`)).toEqual({
      headings: [1, 2],
      code: [`${fence}\`md\n${fence}\n\n`],
    });
  });
});

test('an unlisted or twice-numbered decision record is found', async () => {
  const tree = temporaryTree({
    'docs/adr/README.md': '[a](0001-a.md)',
    'docs/adr/0001-a.md': '',
    'docs/adr/0001-b.md': '',
    'docs/adr/template.md': '',
  });
  expect(await checkDocs(tree)).toEqual([
    'docs/adr/README.md: D2: does not list 0001-b.md',
    'docs/adr: D2: number 0001 is used twice',
  ]);
});

test('the error page must be what the catalogue says', async () => {
  const source =
    "export const catalog = { B: { domain: 'user', retry: 'never', text: 'b | %s' }, A: { domain: 'internal', retry: 'backoff', text: 'a' } };";
  const files = { 'packages/engine/src/errors.ts': source };
  const page = (await errorPage(temporaryTree(files))) ?? '';
  expect(page.split('\n').filter((line) => line.startsWith('| `'))).toEqual([
    '| `A` | internal | backoff | a |',
    '| `B` | user | never | b \\| %s |',
  ]);
  expect(await checkDocs(temporaryTree({ ...files, 'docs/errors.md': page }))).toEqual([]);
  expect(await checkDocs(temporaryTree({ ...files, 'docs/errors.md': `${page}more` }))).toHaveLength(1);
  expect(await checkDocs(temporaryTree(files))).toHaveLength(1);
});

test('links to missing files are found; addresses, anchors and code are left alone', async () => {
  const text = `[a](docs/a.md#x) [b](gone.md) [c](https://x.example) [d](#here) \`[e](e.md)\`\n${fence}\n[f](f.md)\n${fence}\n`;
  expect(await checkDocs(temporaryTree({ 'docs/a.md': '', 'CONTRIBUTING.md': text }))).toEqual([
    'CONTRIBUTING.md: D4: links to gone.md, which does not exist',
  ]);
});
