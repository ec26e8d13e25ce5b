// `npm run verify`: everything a change must pass. Steps run beside each other, as many as there are cores; all of them run, each one's
// output comes out whole when it ends, and the failed ones are named at the end.
//   --static   without the tests
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** @typedef {{ title: string, script: string, isTest?: boolean }} Step */
/** @typedef {Step & { passed: boolean, seconds: number }} Result */

/**
 * The longest first: what is short fills the gaps.
 * @type {Step[]}
 */
const steps = [
  { title: 'unit tests', script: 'test', isTest: true },
  { title: 'types, and the lint that needs them', script: 'lint' },
  { title: 'format and lint', script: 'format:check' },
  { title: 'documents', script: 'docs' },
  { title: 'layers and manifests', script: 'layers' },
  { title: 'licences', script: 'licenses' },
];

/**
 * Runs one step to its end and prints what it said.
 * @param {Step} step
 * @returns {Promise<Result>}
 */
function run({ title, script }) {
  const startedMs = performance.now();
  /** @type {Buffer[]} */
  const output = [];
  return new Promise((resolve) => {
    const child = spawn('npm', ['run', '--silent', script], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.on('error', (error) => output.push(Buffer.from(`${error.message}\n`)));
    child.on('close', (code) => {
      console.log(`\n── ${title} (npm run ${script})`);
      process.stdout.write(Buffer.concat(output));
      resolve({ title, script, passed: code === 0, seconds: (performance.now() - startedMs) / 1000 });
    });
  });
}

/**
 * Takes steps from the list until it is empty.
 * @param {Step[]} waiting
 * @param {Result[]} results
 */
async function lane(waiting, results) {
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) results.push(await run(step));
}

const startedMs = performance.now();
const waiting = process.argv.includes('--static') ? steps.filter((step) => !step.isTest) : [...steps];
/** @type {Result[]} */
const results = [];
await Promise.all(
  Array.from({ length: Math.min(availableParallelism(), waiting.length) }, () => lane(waiting, results)),
);

console.log('\n── verify');
for (const { title, script, passed, seconds } of results) {
  console.log(
    `${passed ? 'ok    ' : 'FAILED'} ${seconds.toFixed(1).padStart(6)} s  ${title}${passed ? '' : ` (npm run ${script})`}`,
  );
}
console.log(`all of it: ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
process.exitCode = results.every(({ passed }) => passed) ? 0 : 1;
