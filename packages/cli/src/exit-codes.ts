/** What the command's exit codes mean; documented in docs/cli.md. */
export const ExitCode = {
  Ok: 0,
  /** The job or the command failed. */
  Failed: 1,
  /** The command line is wrong, or names what is not there. */
  Usage: 2,
  /** Ended by Ctrl-C or SIGTERM. */
  Interrupted: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
