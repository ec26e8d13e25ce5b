/** Who may reach a server, and how: checked before there is one, without loading what serves. */

export { parseServerSettings, type ServerSettings } from '../settings/server-settings.ts';
export { type Binding, decideBinding } from './binding.ts';
export { readTlsIdentity, type TlsFiles, type TlsIdentity } from './read-tls-identity.ts';
export { readTokenFile } from './read-token-file.ts';
export { type Token, Tokens } from './tokens.ts';
