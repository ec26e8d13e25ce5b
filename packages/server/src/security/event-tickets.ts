// Tickets for streams of events: EventSource of browsers cannot send a header, and a token must not stand in an address.
//   K1. A ticket opens one stream of one job, once, within TICKET_LIFE_MS; asking with it uses it up, whatever comes of it.
//   K2. It does not outlive the token that it was bought with.
//   K3. There are at most MAX_TICKETS; the next one is refused with TICKET_LIMIT.
//   K4. Only digests are kept.
// @see ADR 0013
import { createHash, randomBytes } from 'node:crypto';
import { appError } from '@yeoul/engine';
import type { TokenHolder, Tokens } from './tokens.ts';

/** Time to open a stream, not to carry an address around. */
export const TICKET_LIFE_MS = 30_000;
/** Ten times the streams there may be. */
const MAX_TICKETS = 1000;
/** 256 bits. */
const TICKET_BYTES = 32;

interface SoldTicket {
  readonly jobId: string;
  /** Undefined: nobody needs a token. */
  readonly holder: TokenHolder | undefined;
  readonly expiresMs: number;
}

export interface Ticket {
  readonly ticket: string;
  /** Epoch ms. */
  readonly expiresMs: number;
}

export class EventTickets {
  /** By digest, the oldest first. */
  readonly #sold = new Map<string, SoldTicket>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** @throws TICKET_LIMIT */
  issue(jobId: string, holder: TokenHolder | undefined): Ticket {
    this.#forgetExpired();
    if (this.#sold.size >= MAX_TICKETS) throw appError('TICKET_LIMIT', [MAX_TICKETS, TICKET_LIFE_MS / 1000]);
    const ticket = randomBytes(TICKET_BYTES).toString('base64url');
    const expiresMs = this.#nowMs() + TICKET_LIFE_MS;
    this.#sold.set(digestOf(ticket), { jobId, holder, expiresMs });
    return { ticket, expiresMs };
  }

  /** K1, K2. @returns whose token bought it; undefined: it opens nothing */
  redeem(ticket: string, jobId: string, tokens: Tokens): TokenHolder | undefined {
    const digest = digestOf(ticket);
    const sold = this.#sold.get(digest);
    this.#sold.delete(digest);
    if (sold === undefined || sold.jobId !== jobId || sold.expiresMs <= this.#nowMs()) return undefined;
    return sold.holder !== undefined && tokens.isKnown(sold.holder) ? sold.holder : undefined;
  }

  #forgetExpired(): void {
    const nowMs = this.#nowMs();
    for (const [digest, { expiresMs }] of this.#sold) if (expiresMs <= nowMs) this.#sold.delete(digest);
  }
}

/** A lookup by digest takes no time from which a ticket could be guessed. */
function digestOf(ticket: string): string {
  return createHash('sha256').update(ticket).digest('base64url');
}
