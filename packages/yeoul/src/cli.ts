/** The command's entry: everything is in `@yeoul/cli`, which runs when it is told to. */
export * from '@yeoul/cli';
