// Dependencies that most jobs never touch are loaded when they are first used: every slot is a thread with its own copy of all
// modules, and starts the sooner the fewer there are.
import { createRequire } from 'node:module';

export const lazyRequire = createRequire(import.meta.url);
