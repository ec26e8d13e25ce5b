// A command's surroundings without a process: answers of a server by path, and what was printed.
import type { CommandContext } from '../../src/command-context.ts';

export interface FakeContext extends CommandContext {
  readonly out: () => string;
  readonly err: () => string;
  /** "GET /jobs/overview", in their order. */
  readonly calls: readonly string[];
}

export interface FakeOptions {
  /** By "GET /jobs/overview" (without query); a function gets the body. */
  readonly answers?: Readonly<Record<string, unknown>>;
  /** Columns of the terminal; undefined: a pipe. */
  readonly width?: number | undefined;
}

export function fakeContext({ answers = {}, width }: FakeOptions): FakeContext {
  let out = '';
  let err = '';
  const calls: string[] = [];
  const terminal = width === undefined ? {} : { isTTY: true, columns: width };
  const fakeFetch = async (input: unknown, init?: { method?: string; body?: unknown }) => {
    const call = `${init?.method ?? 'GET'} ${new URL(String(input)).pathname}`;
    calls.push(call);
    const known = answers[call];
    const answer = typeof known === 'function' ? known(init?.body) : known;
    const status = answer === undefined ? 404 : 200;
    return new Response(JSON.stringify(answer ?? { errors: [`Not found: ${call}`] }), { status });
  };
  const never = () => Promise.reject(new Error('not in this test'));
  return {
    exitCode: 0,
    outputIsLogged: false,
    interrupted: false,
    stdout: { ...terminal, write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    environment: { NO_COLOR: '1' },
    nowMs: () => 0,
    fetch: fakeFetch as typeof fetch,
    installedAt: 'file:///installed/',
    version: '0.1.0',
    listEntries: never,
    planProgram: never,
    openEngine: never,
    abandon: () => undefined,
    onInterrupt: () => ({ [Symbol.dispose]: () => undefined }),
    error: (message) => {
      err += `${message}\n`;
    },
    out: () => out,
    err: () => err,
    calls,
  };
}
