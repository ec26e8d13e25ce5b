// Certificate and key of a server, checked before it listens: the TLS library's own messages name neither file nor way out.
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { appError } from '@yeoul/engine';

export interface TlsFiles {
  /** PEM: the certificate, then those that it is signed with. */
  readonly certificateFile: string;
  /** PEM, without a passphrase. */
  readonly keyFile: string;
}

/** PEM texts. */
export interface TlsIdentity {
  readonly cert: string;
  readonly key: string;
}

/** @throws TLS_FILE_INVALID, TLS_KEY_MISMATCH */
export async function readTlsIdentity({ certificateFile, keyFile }: TlsFiles, nowMs: number): Promise<TlsIdentity> {
  const [cert, key] = await Promise.all([readPem('certificate', certificateFile), readPem('key', keyFile)]);
  const certificate = parseCertificate(cert, certificateFile);
  if (!certificate.checkPrivateKey(parseKey(key, keyFile))) {
    throw appError('TLS_KEY_MISMATCH', [keyFile, certificateFile]);
  }
  if (Date.parse(certificate.validTo) <= nowMs) {
    throw invalid('certificate', certificateFile, `it ended on ${certificate.validTo}`);
  }
  return { cert, key };
}

async function readPem(what: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw invalid(what, path, (error as Error).message, error);
  }
}

function parseCertificate(pem: string, path: string): X509Certificate {
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) throw invalid('certificate', path, 'there is no certificate in it');
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw invalid('certificate', path, (error as Error).message, error);
  }
}

function parseKey(pem: string, path: string): KeyObject {
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem)) throw invalid('key', path, 'there is no private key in it');
  if (/ENCRYPTED/.test(pem)) throw invalid('key', path, 'it has a passphrase');
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw invalid('key', path, (error as Error).message, error);
  }
}

function invalid(what: string, path: string, why: string, cause?: unknown): Error {
  return appError('TLS_FILE_INVALID', [what, path, why], cause === undefined ? {} : { cause });
}
