import { describe } from 'vitest';
import { describeKeyedBackend } from './contract-tests.ts';

describe('disk backend', () => describeKeyedBackend('disk'));
