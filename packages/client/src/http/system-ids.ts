// Ids of jobs and operations: 32 hex digits, as Flink's.

export function createSystemId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
