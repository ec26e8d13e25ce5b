import { randomBytes } from 'node:crypto';
import type { RandomSource } from '../coordinator/ids.ts';

export const systemRandom: RandomSource = {
  bytes: (length) => randomBytes(length),
  next: Math.random,
};
