/** What the command's exit codes mean; documented in docs/cli.md. */
export const ExitCode = {
  Ok: 0,
  /** The job or the command failed, or the server refused it. */
  Failed: 1,
  /** The command line is wrong, or names what is not there: a program, a job, a jar. */
  Usage: 2,
  /** No server answers at the address. */
  Unreachable: 3,
  /** What was waited for did not happen in the time given with --timeout; as timeout(1). */
  TimedOut: 124,
  /** Ended by Ctrl-C or SIGTERM. */
  Interrupted: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
