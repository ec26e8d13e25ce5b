// Failures of a program while it builds its job: the submitter's to mend, with the place in the source.
import { restError, statusOfError } from '@yeoul/contract';
import { AppError, appError, catalog, type ErrorCode } from '@yeoul/engine';

/** For `catch`: throws what the server answers. Errors that crossed the driver's thread kept their code, not their class. */
export function toProgramFailure(thrown: unknown): never {
  if (thrown instanceof AppError) throw thrown;
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (isCatalogued(code)) throw restError(statusOfError({ code, ...catalog[code] }), error.message, error);
  throw appError('PROGRAM_FAILED', [`${error.name}: ${error.message}${placeOf(error)}`], { cause: error });
}

function isCatalogued(code: string): code is ErrorCode {
  return Object.hasOwn(catalog, code);
}

/** The topmost frame in a source file of the program. */
function placeOf(error: Error): string {
  const frame = error.stack
    ?.split('\n')
    .find((line) => /^\s+at .*\.[cm]?[jt]sx?:\d+:\d+\)?$/.test(line) && !/node:/.test(line));
  return frame === undefined ? '' : ` (${frame.trim()})`;
}
