/**
 * The REST contract served over the engine. HTTP only: what things mean is in the engine, what they look like in the contract.
 */
export { type CreateServerOptions, createServer } from './create-server.ts';
export { defaultFlameGraphOptions, type FlameGraphOptions } from './flame-graphs.ts';
export { defaultHttpLimits, type HttpLimits } from './http/http-limits.ts';
export {
  FileAnswer,
  type Handler,
  type HandlerRequest,
  type Route,
  type RouteGroup,
  route,
  TextFile,
} from './http/route.ts';
export type { LogFolderOptions } from './logs/log-folder.ts';
export { type Binding, decideBinding } from './security/binding.ts';
export { readTlsIdentity, type TlsFiles, type TlsIdentity } from './security/read-tls-identity.ts';
export { readTokenFile } from './security/read-token-file.ts';
export { Role, roleFor } from './security/role.ts';
export { SavepointPlaces } from './security/savepoint-places.ts';
export { TokenFile, type TokenFileOptions } from './security/token-file.ts';
export { type Token, Tokens } from './security/tokens.ts';
export type { MachineFigures, TaskManagerIdentity } from './server-context.ts';
export { parseServerSettings, type ServerSettings, serverSettingDefaults } from './settings/server-settings.ts';
export { type RunningServer, type StartServerOptions, startServer } from './start-server.ts';
