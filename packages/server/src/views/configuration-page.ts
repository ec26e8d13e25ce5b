// A configuration as pages list it. Pure.
export function toConfigurationPage(configuration: Readonly<Record<string, string>>): { key: string; value: string }[] {
  return Object.entries(configuration).map(([key, value]) => ({ key, value }));
}
