// The tokens that a server knows, as digests: a token itself is nowhere kept.
//   T1. A comparison takes the same time whichever token it is compared with, and whether it fits.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Role } from './role.ts';

export interface Token {
  readonly role: Role;
  readonly token: string;
}

export type Identification =
  | { readonly kind: 'role'; readonly role: Role }
  /** No Authorization header, or one of another scheme. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'unknown' };

export class Tokens {
  readonly #known: readonly { readonly role: Role; readonly digest: Buffer }[];

  constructor(tokens: readonly Token[]) {
    this.#known = tokens.map(({ role, token }) => ({ role, digest: digestOf(token) }));
  }

  /** @param authorization the header: "Bearer …" */
  identify(authorization: string | undefined): Identification {
    const [, token] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? [];
    if (token === undefined) return { kind: 'missing' };
    const digest = digestOf(token);
    let role: Role | undefined;
    // T1: to the end, also after a match.
    for (const known of this.#known) if (timingSafeEqual(known.digest, digest)) role = known.role;
    return role === undefined ? { kind: 'unknown' } : { kind: 'role', role };
  }
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
