// Answers of pages as they go on the wire. Pages are asked for far more often than they change: each is made once, and sent from here.
//   G1. An answer is sent again only while no state has changed since it was made (the revision), and for MAX_AGE_MS at most.
//   G2. Whoever may not have an answer does not get it from here: the guards have their say before.
//   G3. Entries and bytes are bounded; the oldest go first.

export interface PageCacheOptions {
  /** Of what the pages show; goes up with every change of a state. */
  readonly revision: () => number;
  readonly nowMs: () => number;
}

export interface CachedPage {
  /** Of the answer's body. */
  readonly sizeBytes: number;
  readonly body: string;
  readonly encoding: 'latin1' | 'utf8';
  readonly revision: number;
  readonly madeMs: number;
}

/** A tenth of the interval at which slots report their numbers (1 s): nobody sees that a page is not new. */
const MAX_AGE_MS = 100;
const MAX_ENTRIES = 1000;
const MAX_BYTES = 16 * 1024 * 1024;

export class PageCache {
  readonly #options: PageCacheOptions;
  /** By address with query; oldest first. */
  readonly #pages = new Map<string, CachedPage>();
  #sizeBytes = 0;

  constructor(options: PageCacheOptions) {
    this.#options = options;
  }

  nowMs(): number {
    return this.#options.nowMs();
  }

  get size(): number {
    return this.#pages.size;
  }

  /** Before an answer is made. */
  revision(): number {
    return this.#options.revision();
  }

  /** G1. */
  find(url: string): CachedPage | undefined {
    const page = this.#pages.get(url);
    if (page === undefined || page.revision !== this.#options.revision()) return undefined;
    return this.#isYoung(page) ? page : undefined;
  }

  /** @param revision from before the answer was made */
  keep(url: string, body: string, revision: number): void {
    this.#remove(url);
    const sizeBytes = Buffer.byteLength(body);
    if (sizeBytes > MAX_BYTES) return;
    const encoding = sizeBytes === body.length ? 'latin1' : 'utf8';
    this.#pages.set(url, { sizeBytes, body, encoding, revision, madeMs: this.#options.nowMs() });
    this.#sizeBytes += sizeBytes;
    this.#expire();
  }

  /** G3. */
  #expire(): void {
    for (const [url, page] of this.#pages) {
      const isFull = this.#pages.size > MAX_ENTRIES || this.#sizeBytes > MAX_BYTES;
      if (!isFull && this.#isYoung(page)) return;
      this.#remove(url);
    }
  }

  #remove(url: string): void {
    const page = this.#pages.get(url);
    if (page === undefined) return;
    this.#pages.delete(url);
    this.#sizeBytes -= page.sizeBytes;
  }

  /** A clock that was set back makes nothing young. */
  #isYoung({ madeMs }: CachedPage): boolean {
    const ageMs = this.#options.nowMs() - madeMs;
    return ageMs >= 0 && ageMs < MAX_AGE_MS;
  }
}
