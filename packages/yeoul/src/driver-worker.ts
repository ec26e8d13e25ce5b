// Entry of the threads that evaluate programs.
import '@yeoul/connectors/files';
import '@yeoul/connectors/sockets';
import { startDriverWorker } from '@yeoul/engine/runtime';
import { engineModules } from './engine-modules.ts';

startDriverWorker(engineModules);
