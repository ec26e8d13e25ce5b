// A fetch that loses answers on demand, between a client and a real server.

export class LossyFetch {
  /** Calls that reached the server, "POST /jars/…/run". */
  readonly sent: string[] = [];
  #lose: ((call: string) => boolean) | undefined;

  readonly fetch: typeof fetch = async (input, init) => {
    const call = `${init?.method ?? 'GET'} ${new URL(String(input)).pathname}`;
    this.sent.push(call);
    const response = await fetch(input, init);
    if (this.#lose?.(call) !== true) return response;
    this.#lose = undefined;
    await response.arrayBuffer();
    throw new TypeError('fetch failed', { cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) });
  };

  /** The answer to the next such call is lost after the server gave it. */
  loseNext(matches: (call: string) => boolean): void {
    this.#lose = matches;
  }
}
