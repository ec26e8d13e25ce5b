// The file of tokens while the server runs: read again when it has changed.
//   F1. What cannot be read, or is no file of tokens, changes nothing: a mistake neither lets anybody in nor locks everybody out. It is told once.
//   F2. A file that changed while it was read is read again: half of a token is never taken for one.
//   F3. No message has a token in it.
import { stat } from 'node:fs/promises';
import { appError } from '@yeoul/engine';
import { readTokenFile } from './read-token-file.ts';
import type { Tokens } from './tokens.ts';

export interface TokenFileOptions {
  readonly path: string;
  /** As read at the start; they become those of the file. */
  readonly tokens: Tokens;
  readonly onRead: (description: string) => void;
  readonly onFailure: (error: Error) => void;
}

/** So long a revoked token is taken at most. */
const CHECK_INTERVAL_MS = 1000;

export class TokenFile {
  readonly #options: TokenFileOptions;
  /** Which file was read last, and as of when; undefined: none, or nobody knows. */
  #read: string | undefined;
  #told: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #checking: Promise<void> = Promise.resolve();

  constructor(options: TokenFileOptions) {
    this.#options = options;
  }

  /** Looks at the file from now on, until `close`. */
  watch(): void {
    const schedule = () => {
      this.#timer = setTimeout(() => void this.check().finally(schedule), CHECK_INTERVAL_MS).unref();
    };
    schedule();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Reads the file if it is not as it was. */
  check(): Promise<void> {
    this.#checking = this.#checking.then(() => this.#check());
    return this.#checking;
  }

  async #check(): Promise<void> {
    const { path, tokens, onRead } = this.#options;
    try {
      const before = await identify(path);
      if (before === this.#read) return;
      const found = await readTokenFile(path);
      // F2. The next look reads it.
      if ((await identify(path)) !== before) return;
      this.#read = before;
      this.#told = undefined;
      if (found.isSameAs(tokens)) return;
      tokens.become(found);
      onRead(found.describe());
    } catch (error) {
      this.#tell(error as Error);
    }
  }

  /** F1. */
  #tell(error: Error): void {
    this.#read = undefined;
    if (this.#told === error.message) return;
    this.#told = error.message;
    this.#options.onFailure(error);
  }
}

/** Changes with every write, exchange and change of permissions. */
async function identify(path: string): Promise<string> {
  try {
    const { ctimeNs, dev, ino, mtimeNs, size } = await stat(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(':');
  } catch (error) {
    throw appError('TOKEN_FILE_NOT_READABLE', [path, (error as Error).message], { cause: error });
  }
}
