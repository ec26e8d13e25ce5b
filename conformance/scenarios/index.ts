import type { Scenario } from '../scenario.ts';
import { cluster } from './cluster.ts';
import { oddities } from './oddities.ts';
import { refusals } from './refusals.ts';
import { stateMachine } from './state-machine.ts';
import { wordCount } from './word-count.ts';

/** In the order in which they are replayed: lists of jobs grow. */
export const scenarios: readonly Scenario[] = [cluster, wordCount, stateMachine, refusals, oddities];
