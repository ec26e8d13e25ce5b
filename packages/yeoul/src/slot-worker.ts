// Entry of the slots' worker threads.
import '@yeoul/connectors/files';
import '@yeoul/connectors/sockets';
import { startSlotWorker } from '@yeoul/engine/runtime';
import { engineModules } from './engine-modules.ts';

startSlotWorker(engineModules);
