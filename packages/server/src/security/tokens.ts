// The tokens that a server knows, as digests: a token itself is nowhere kept.
//   T1. A comparison takes the same time whichever token it is compared with, and whether it fits.
//   T2. Tokens may be exchanged while the server runs: from then on a token that is not among the new ones opens nothing, and what it had
//       opened hears of it.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Role } from './role.ts';

export interface Token {
  readonly role: Role;
  readonly token: string;
}

/** Stands for a token without saying it. */
export type TokenHolder = string & { readonly kind: 'TokenHolder' };

export type Identification =
  | { readonly kind: 'role'; readonly role: Role; readonly holder: TokenHolder }
  /** No Authorization header, or one of another scheme. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'unknown' };

interface KnownToken {
  readonly role: Role;
  readonly digest: Buffer;
  readonly holder: TokenHolder;
}

export class Tokens {
  #known: readonly KnownToken[];
  readonly #listeners = new Set<() => void>();

  constructor(tokens: readonly Token[]) {
    this.#known = tokens.map(toKnown);
  }

  /** @param authorization the header: "Bearer …" */
  identify(authorization: string | undefined): Identification {
    const [, token] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? [];
    if (token === undefined) return { kind: 'missing' };
    const digest = digestOf(token);
    let found: KnownToken | undefined;
    // T1: to the end, also after a match.
    for (const known of this.#known) if (timingSafeEqual(known.digest, digest)) found = known;
    return found === undefined ? { kind: 'unknown' } : { kind: 'role', role: found.role, holder: found.holder };
  }

  /** Whether the token is still among those known. */
  isKnown(holder: TokenHolder): boolean {
    return this.#known.some((known) => known.holder === holder);
  }

  /** T2. Takes over what the other knows. */
  become(other: Tokens): void {
    this.#known = other.#known;
    for (const listener of this.#listeners) listener();
  }

  isSameAs(other: Tokens): boolean {
    const has = ({ role, holder }: KnownToken) =>
      other.#known.some((known) => known.role === role && known.holder === holder);
    return this.#known.length === other.#known.length && this.#known.every(has);
  }

  /** @returns ends it */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** How many there are of each role, in words: "1 admin, 2 viewer". */
  describe(): string {
    const counts = new Map<Role, number>();
    for (const { role } of this.#known) counts.set(role, (counts.get(role) ?? 0) + 1);
    return [...counts].map(([role, count]) => `${count} ${role}`).join(', ');
  }
}

function toKnown({ role, token }: Token): KnownToken {
  const digest = digestOf(token);
  return { role, digest, holder: digest.toString('base64url') as TokenHolder };
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
