import { expect, test } from 'vitest';
import { checkLicenses } from '../check-licenses.mjs';

const good = { license: 'MIT', integrity: 'sha512-x' };

function problemsOf(entry: object): string[] {
  return checkLicenses({
    packages: {
      '': {},
      'packages/engine': {},
      'node_modules/b-linux': good,
      'node_modules/a/node_modules/@s/b': entry,
    },
  });
}

test.each([
  good,
  { ...good, license: '(GPL-3.0 OR Apache-2.0)' },
  { ...good, license: 'MPL-2.0', dev: true },
  { ...good, optionalDependencies: { 'b-linux': '1.0.0' } },
  { ...good, resolved: 'https://registry.npmjs.org/a/-/a-1.0.0.tgz' },
  { resolved: 'packages/engine', link: true },
])('passes: %j', (entry) => {
  expect(problemsOf(entry)).toEqual([]);
});

test.each([
  [{ ...good, license: 'GPL-3.0' }, /^@s\/b: licence GPL-3.0; allowed: /],
  [{ ...good, license: 'MIT AND GPL-3.0' }, /licence MIT AND GPL-3.0/],
  [{ ...good, license: 'MPL-2.0' }, /licence MPL-2.0/],
  [{ integrity: 'sha512-x' }, /licence missing/],
  [{ license: 'MIT' }, /no checksum/],
  [{ ...good, optionalDependencies: { 'b-win32': '1.0.0' } }, /optional package b-win32 is not locked/],
  [{ ...good, resolved: 'https://mirror.example/a.tgz' }, /comes from https:\/\/mirror.example\/a.tgz/],
])('is refused: %j', (entry, text) => {
  expect(problemsOf(entry)).toEqual([expect.stringMatching(text)]);
});
