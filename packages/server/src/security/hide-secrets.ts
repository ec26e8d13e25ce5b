// Values that no page shows, by what they are called. @see Apache Flink, GlobalConfiguration.SENSITIVE_KEYS

const SECRET =
  /password|secret|token|api-?key|account\.key|service-key|auth-params|basic-auth|jaas\.config|http-headers|credential/i;
const HIDDEN = '******';

export function hideSecrets<T extends string | undefined>(
  entries: Readonly<Record<string, T>>,
): Readonly<Record<string, T | string>> {
  return Object.fromEntries(Object.entries(entries).map(([key, value]) => [key, SECRET.test(key) ? HIDDEN : value]));
}
