// Which settings are secrets: their values are never shown and never logged.

/** Parts of keys. @see Apache Flink 2.x, GlobalConfiguration.SENSITIVE_KEYS */
const SECRET_PARTS = [
  'password',
  'secret',
  'fs.azure.account.key',
  'apikey',
  'api-key',
  'auth-params',
  'service-key',
  'token',
  'basic-auth',
  'jaas.config',
  'http-headers',
] as const;

/** @see Apache Flink, GlobalConfiguration.HIDDEN_CONTENT */
export const HIDDEN_VALUE = '******';

export function isSecretKey(key: string): boolean {
  const lower = key.toLowerCase();
  return SECRET_PARTS.some((part) => lower.includes(part));
}
