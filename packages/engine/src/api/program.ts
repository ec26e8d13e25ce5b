import type { StreamExecutionEnvironment } from './environment.ts';

/** A program: builds streams on `env` and calls env.execute(). The default export of a program file. */
export type Program = (env: StreamExecutionEnvironment, args: string[]) => void | Promise<void>;
