// `npm run verify`: everything a change must pass, one step after the other; all steps run, the failed ones are named at the end.
//   --static   without the tests
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

const steps = [
  { title: 'format and lint', script: 'format:check' },
  { title: 'type-aware lint', script: 'lint' },
  { title: 'types', script: 'types' },
  { title: 'layers and manifests', script: 'layers' },
  { title: 'documents', script: 'docs' },
  { title: 'licences', script: 'licenses' },
  { title: 'unit tests', script: 'test', isTest: true },
];

const chosen = process.argv.includes('--static') ? steps.filter((step) => !step.isTest) : steps;
const results = chosen.map(({ title, script }) => {
  console.log(`\n── ${title} (npm run ${script})`);
  const startedMs = performance.now();
  const { status } = spawnSync('npm', ['run', '--silent', script], { cwd: root, stdio: 'inherit' });
  return { title, script, passed: status === 0, seconds: (performance.now() - startedMs) / 1000 };
});

console.log('\n── verify');
for (const { title, script, passed, seconds } of results) {
  console.log(
    `${passed ? 'ok    ' : 'FAILED'} ${seconds.toFixed(1).padStart(6)} s  ${title}${passed ? '' : ` (npm run ${script})`}`,
  );
}
process.exitCode = results.every(({ passed }) => passed) ? 0 : 1;
