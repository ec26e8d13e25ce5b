import { expect, test } from 'vitest';
import { EventTickets, TICKET_LIFE_MS } from '../../src/security/event-tickets.ts';
import { type TokenHolder, Tokens } from '../../src/security/tokens.ts';

const job = 'a'.repeat(32);
const token = 'v'.repeat(32);

function open() {
  let nowMs = 1_000_000;
  const tokens = new Tokens([{ role: 'viewer', token }]);
  const identified = tokens.identify(`Bearer ${token}`);
  if (identified.kind !== 'role') throw new Error('unknown');
  const tickets = new EventTickets(() => nowMs);
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { tickets, tokens, holder: identified.holder, pass };
}

test('a ticket opens one stream of its job, once', () => {
  const { tickets, tokens, holder } = open();
  const { ticket, expiresMs } = tickets.issue(job, holder);
  expect([ticket.length, expiresMs]).toEqual([43, 1_000_000 + TICKET_LIFE_MS]);
  expect(tickets.redeem(ticket, job, tokens)).toBe(holder);
  expect(tickets.redeem(ticket, job, tokens)).toBeUndefined();
});

test('asking for another job with it uses it up', () => {
  const { tickets, tokens, holder } = open();
  const { ticket } = tickets.issue(job, holder);
  expect(tickets.redeem(ticket, 'b'.repeat(32), tokens)).toBeUndefined();
  expect(tickets.redeem(ticket, job, tokens)).toBeUndefined();
});

test('it ends with its time, and with the token that bought it', () => {
  const { tickets, tokens, holder, pass } = open();
  const late = tickets.issue(job, holder).ticket;
  pass(TICKET_LIFE_MS);
  expect(tickets.redeem(late, job, tokens)).toBeUndefined();
  const revoked = tickets.issue(job, holder).ticket;
  tokens.become(new Tokens([{ role: 'admin', token: 'a'.repeat(32) }]));
  expect(tickets.redeem(revoked, job, tokens)).toBeUndefined();
});

test.each(['', 'x', token, '__proto__'])('%j is none', (text) => {
  const { tickets, tokens, holder } = open();
  tickets.issue(job, holder);
  expect(tickets.redeem(text, job, tokens)).toBeUndefined();
});

test('bought without a token it opens nothing where one is needed', () => {
  const { tickets, tokens } = open();
  expect(tickets.redeem(tickets.issue(job, undefined).ticket, job, tokens)).toBeUndefined();
  expect(tickets.redeem(tickets.issue(job, 'made up' as TokenHolder).ticket, job, tokens)).toBeUndefined();
});

test('as many as are out and unused are bounded; those whose time is over make room', () => {
  const { tickets, holder, pass } = open();
  for (let i = 0; i < 1000; i++) tickets.issue(job, holder);
  expect(() => tickets.issue(job, holder)).toThrow('1000 tickets for streams of events are out');
  pass(TICKET_LIFE_MS);
  tickets.issue(job, holder);
});

test('is not kept', () => {
  const { tickets, holder } = open();
  const { ticket } = tickets.issue(job, holder);
  expect(JSON.stringify(tickets)).not.toContain(ticket);
});
