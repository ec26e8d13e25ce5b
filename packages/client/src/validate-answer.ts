// Holds answers to the contract: `new FlinkClient({ baseUrl, validate: validateAnswer })`. Fields that the contract does not have are free.
import type { AnyEndpoint } from '@yeoul/contract';
import { Errors } from 'typebox/value';
import { FlinkValidationError } from './errors/client-error.ts';

/** @throws FlinkValidationError with the first differences */
export function validateAnswer(endpoint: AnyEndpoint, answer: unknown): void {
  const problems = Errors(endpoint.response, answer);
  if (problems.length === 0) return;
  const lines = problems.slice(0, 3).map(({ instancePath, message }) => `${instancePath || '/'} ${message}`);
  throw new FlinkValidationError(
    `${endpoint.method} ${endpoint.path}: the answer is not as the contract says: ${lines.join('; ')}`,
  );
}
