// Holds answers to the contract: `new FlinkClient({ baseUrl, validate: validateAnswer })`. Fields that the contract does not have are free,
// and so is the state INITIALIZING of later versions.
import type { AnyEndpoint } from '@yeoul/contract';
import { Errors } from 'typebox/value';
import { FlinkValidationError } from './errors/client-error.ts';

/** @throws FlinkValidationError with the first differences */
export function validateAnswer(endpoint: AnyEndpoint, answer: unknown): void {
  const problems = Errors(endpoint.response, answer).filter(({ instancePath }) => !isLaterState(answer, instancePath));
  if (problems.length === 0) return;
  const lines = problems.slice(0, 3).map(({ instancePath, message }) => `${instancePath || '/'} ${message}`);
  throw new FlinkValidationError(
    `${endpoint.method} ${endpoint.path}: the answer is not as the contract says: ${lines.join('; ')}`,
  );
}

/** @param pointer as in JSON Pointer */
function isLaterState(answer: unknown, pointer: string): boolean {
  const names = pointer.split('/').slice(1);
  return (
    names.reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], answer) ===
    'INITIALIZING'
  );
}
