// The modules a program may import, by specifier. Loaded when a program asks; the default connectors always, because
// environment methods such as readTextFile stand on them.
import type { EngineModules } from '@yeoul/engine/runtime';

export const engineModules: EngineModules = {
  yeoul: () => import('./index.ts'),
  'yeoul/connectors/files': () => import('./connectors/files.ts'),
  'yeoul/connectors/sockets': () => import('./connectors/sockets.ts'),
  'yeoul/connectors/http': () => import('./connectors/http.ts'),
  'yeoul/connectors/stdio': () => import('./connectors/stdio.ts'),
};
