import { describe } from 'vitest';
import { describeKeyedBackend } from './contract-tests.ts';

describe('heap backend', () => describeKeyedBackend('heap'));
