/** Runs the `yeoul` command. @returns the exit code */
export async function main(argv: readonly string[]): Promise<number> {
  if (argv[0] === '--version') {
    console.log('0.1.0');
    return 0;
  }
  console.error('usage: yeoul --version');
  return 1;
}
