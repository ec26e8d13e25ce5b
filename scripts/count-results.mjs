// Adds up vitest's JSON results: node scripts/count-results.mjs FOLDER FAILED_STAGES → "N passed, N failed" on standard output.
// Needs nothing installed. A failed stage never ends in "0 failed".
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {{ numPassedTests: number, numFailedTests: number, testResults: { status: string, assertionResults: { status: string }[] }[] }} VitestResult
 * @param {VitestResult[]} results
 * @param {number} failedStages
 * @returns {{ passed: number, failed: number }}
 */
export function countResults(results, failedStages) {
  const passed = results.reduce((sum, { numPassedTests }) => sum + numPassedTests, 0);
  const failed = results.reduce((sum, result) => sum + result.numFailedTests + filesThatDidNotLoad(result), 0);
  return { passed, failed: Math.max(failed, failedStages) };
}

/** A file that fails outside its tests counts as one failure. @param {VitestResult} result */
function filesThatDidNotLoad({ testResults }) {
  return testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length;
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [folder = '', failedStages = '0'] = process.argv.slice(2);
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const results = names.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
  const { passed, failed } = countResults(results, Number(failedStages));
  console.log(`${passed} passed, ${failed} failed`);
}
