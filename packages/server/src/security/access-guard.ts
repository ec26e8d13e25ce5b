// Lets a request through by its token. Without tokens every request may do everything: such a server is reached from this machine alone.
// @see RFC 6750 (Bearer tokens)
import { mayAct, type Role } from './role.ts';
import type { Identification } from './tokens.ts';

export interface AccessRefusal {
  readonly status: 401 | 403;
  readonly message: string;
  /** The WWW-Authenticate header. */
  readonly challenge: string;
}

const CHALLENGE = 'Bearer realm="yeoul"';

/** A ticket that opens nothing, or nothing any more. */
export const TICKET_REFUSAL: AccessRefusal = {
  status: 401,
  message:
    'The ticket opens nothing: it holds for one stream of the job it was made for, once, and for a short time. Get another with POST /jobs/:jobid/events/ticket.',
  challenge: `${CHALLENGE}, error="invalid_token"`,
};

/** Why a request is refused; undefined: it is not. */
export function findAccessRefusal(identified: Identification, wanted: Role): AccessRefusal | undefined {
  switch (identified.kind) {
    case 'missing':
      return {
        status: 401,
        message: 'This server needs a token: send the header "Authorization: Bearer TOKEN".',
        challenge: CHALLENGE,
      };
    case 'unknown':
      return {
        status: 401,
        message: 'The token is none of this server: ask who runs it for one.',
        challenge: `${CHALLENGE}, error="invalid_token"`,
      };
    case 'role':
      if (mayAct(identified.role, wanted)) return undefined;
      return {
        status: 403,
        message: `The token is of role ${identified.role}, this needs ${wanted}.`,
        challenge: `${CHALLENGE}, error="insufficient_scope", scope="${wanted}"`,
      };
  }
}
