/** How weighty a line of the log is. */
export const LogLevel = { debug: 'debug', info: 'info', warn: 'warn', error: 'error' } as const;
export type LogLevel = (typeof LogLevel)[keyof typeof LogLevel];

const order: readonly LogLevel[] = Object.values(LogLevel);

/** Whether a line is written where lines from `threshold` on are. */
export function isAtLeast(level: LogLevel, threshold: LogLevel): boolean {
  return order.indexOf(level) >= order.indexOf(threshold);
}
