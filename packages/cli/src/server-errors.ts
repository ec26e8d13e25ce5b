// Failures of calls to a server, with the way out.
import type { FlinkApiError, FlinkConnectionError } from '@yeoul/client';
import type { CommandContext } from './command-context.ts';
import { ExitCode } from './exit-codes.ts';

/** Prints the failure; what is none of the client's is thrown on. @returns the exit code */
export async function reportServerError(error: unknown, baseUrl: string, context: CommandContext): Promise<number> {
  const client = await import('@yeoul/client');
  if (error instanceof client.FlinkConnectionError) {
    context.error(describeConnectionError(error, baseUrl));
    return error instanceof client.FlinkOutcomeUnknownError ? ExitCode.Failed : ExitCode.Unreachable;
  }
  if (error instanceof client.FlinkTimeoutError) {
    context.error(error.message.replace(' (timeoutMillis)', ' (--timeout). It may still happen: nothing was undone'));
    return ExitCode.TimedOut;
  }
  if (error instanceof client.FlinkApiError) {
    context.error(describeApiError(error));
    return error.status === 404 ? ExitCode.Usage : ExitCode.Failed;
  }
  if (!(error instanceof client.FlinkClientError)) throw error;
  context.error(error.message);
  return error instanceof client.FlinkArgumentError ? ExitCode.Usage : ExitCode.Failed;
}

function describeConnectionError({ kind, message }: FlinkConnectionError, baseUrl: string): string {
  const { hostname, port } = new URL(baseUrl);
  const isLocal = /^(127\.|localhost$|\[::1\]$)/.test(hostname);
  if (kind === 'refused' && isLocal) {
    return [
      `${message}.`,
      `Start a server there with:  yeoul start${port === '8081' ? '' : ` --port ${port || '80'}`}`,
      'A running "yeoul run" can be reached only if it was started with --port. Give the address of another server with -m host:port.',
    ].join('\n');
  }
  if (kind === 'refused' || kind === 'name') return `${message}. Give the address of a server with -m host:port.`;
  return message;
}

function describeApiError({ status, message, url }: FlinkApiError): string {
  if (status === 401) return `${message}\nGive a token with --token, or in the environment variable YEOUL_TOKEN.`;
  if (status === 403) return `${message}\nThe token's role does not allow this.`;
  if (status === 404 && /not found/i.test(message) && !/job|savepoint|operation/i.test(message)) {
    return `${message} (${url}: does this server have it?)`;
  }
  return message;
}
