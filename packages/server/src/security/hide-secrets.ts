// Values that no page shows, by what they are called.
import { HIDDEN_VALUE, isSecretKey } from '@yeoul/engine/runtime';

export function hideSecrets(entries: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(entries).map(([key, value]) => [key, isSecretKey(key) ? HIDDEN_VALUE : value]),
  );
}
