/**
 * The REST contract served over the engine. HTTP only: what things mean is in the engine, what they look like in the contract.
 */
export { type CreateServerOptions, createServer } from './create-server.ts';
export { type Handler, type HandlerRequest, type Route, type RouteGroup, route, TextFile } from './http/route.ts';
export type { MachineFigures, TaskManagerIdentity } from './server-context.ts';
export { type RunningServer, type StartServerOptions, startServer } from './start-server.ts';
