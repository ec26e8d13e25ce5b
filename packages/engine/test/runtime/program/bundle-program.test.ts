import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bundleProgram } from '../../../src/runtime/program/bundle-program.ts';

test.each([
  [
    'await at the top, as in a script',
    "import { Time } from 'yeoul';\nawait Time.seconds(1);\n",
    /export default async/,
  ],
  ['a package that is not there', "import x from 'not-there';\nexport default x;\n", /"not-there" \(is it installed/],
])('%s is refused with the next step', async (_, source, message) => {
  const directory = await mkdtemp(join(tmpdir(), 'yeoul-bundle-'));
  const path = join(directory, 'job.ts');
  await writeFile(path, source);
  const failure = expect.objectContaining({ code: 'PROGRAM_NOT_PARSABLE', message: expect.stringMatching(message) });
  await expect(bundleProgram(path, join(directory, 'out'))).rejects.toEqual(failure);
  await rm(directory, { recursive: true });
});
