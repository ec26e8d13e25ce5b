// Reads a file of tokens: lines of a role, a blank and a token; empty lines and lines that begin with # are left out. No error has a token in it.
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type AppError, appError } from '@yeoul/engine';
import { isRole, roles } from './role.ts';
import { type Token, Tokens } from './tokens.ts';

/** 128 bits take 22 characters in base64. */
const MIN_TOKEN_LENGTH = 22;
/** Much less than a header may be. */
const MAX_TOKEN_LENGTH = 512;
/** Some thousand tokens. */
const MAX_FILE_BYTES = 1024 * 1024;
/** Permissions of group and others. */
const OTHERS = 0o077;
/** As in a Bearer header. @see RFC 6750, b64token */
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

/** @throws TOKEN_FILE_NOT_READABLE, TOKEN_FILE_OPEN, TOKEN_FILE_INVALID */
export async function readTokenFile(path: string): Promise<Tokens> {
  const text = await readPrivate(path);
  const tokens = text.split(/\r?\n/).flatMap((line, i) => parseLine(path, line.trim(), i + 1));
  if (tokens.length === 0) throw invalid(path, 1, 'there is no token');
  return new Tokens(tokens);
}

async function readPrivate(path: string): Promise<string> {
  const file = await openRead(path);
  try {
    const { mode, size } = await checkKind(file, path);
    // Windows has no such permissions.
    if (process.platform !== 'win32' && (mode & OTHERS) !== 0) {
      throw appError('TOKEN_FILE_OPEN', [path, (mode & 0o777).toString(8), path]);
    }
    if (size > MAX_FILE_BYTES) throw notReadable(path, `${size} bytes, the limit is ${MAX_FILE_BYTES}`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

async function openRead(path: string): Promise<FileHandle> {
  try {
    // Opening a pipe waits for its other end otherwise.
    return await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw notReadable(path, (error as Error).message, error);
  }
}

async function checkKind(file: FileHandle, path: string) {
  const stats = await file.stat();
  if (!stats.isFile()) throw notReadable(path, 'it is no file');
  return stats;
}

function parseLine(path: string, line: string, number: number): Token[] {
  if (line === '' || line.startsWith('#')) return [];
  const [role = '', token = '', ...rest] = line.split(/\s+/);
  if (!isRole(role)) throw invalid(path, number, 'it does not begin with a role');
  if (rest.length > 0) throw invalid(path, number, 'something follows the token');
  if (token.length < MIN_TOKEN_LENGTH || token.length > MAX_TOKEN_LENGTH) {
    throw invalid(path, number, `the token has ${token.length} characters`);
  }
  if (!TOKEN.test(token)) throw invalid(path, number, 'the token has characters that none may have');
  return [{ role, token }];
}

function invalid(path: string, line: number, why: string): AppError {
  return appError('TOKEN_FILE_INVALID', [
    path,
    line,
    why,
    roles.join(', '),
    `${MIN_TOKEN_LENGTH} to ${MAX_TOKEN_LENGTH}`,
  ]);
}

function notReadable(path: string, why: string, cause?: unknown): AppError {
  return appError('TOKEN_FILE_NOT_READABLE', [path, why], cause === undefined ? {} : { cause });
}
