// What the operating system says about files, as errors with the path and the next step.
import { type AppError, AppError as AppErrorClass, appError } from '@yeoul/engine';

export function errnoOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : String(error);
}

export function toReadError(error: unknown, path: string): AppError {
  if (error instanceof AppErrorClass) return error;
  const code = errnoOf(error);
  if (code === 'ENOENT') return appError('FILE_NOT_FOUND', [path, process.cwd()], { cause: error });
  return appError('FILE_NOT_READABLE', [path, code], { cause: error });
}

export function toWriteError(error: unknown, path: string): AppError {
  if (error instanceof AppErrorClass) return error;
  return appError('OUTPUT_FAILED', [path, errnoOf(error)], { cause: error });
}

/** Flink's jobs name files by URI; "file:/x" and "file:///x" are "/x". */
export function toLocalPath(path: string): string {
  return path.startsWith('file:') ? decodeURIComponent(new URL(path).pathname) : path;
}
