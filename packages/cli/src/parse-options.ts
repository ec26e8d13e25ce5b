import { InvalidArgumentError } from 'commander';

/** A whole number from 1 on. */
export function parseCount(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError(`"${text}" is no whole number from 1 on.`);
  return value;
}
