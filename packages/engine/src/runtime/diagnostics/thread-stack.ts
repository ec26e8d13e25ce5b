// The stack of a thread as it is now: it is halted for a moment where it stands.
import type { InspectorConnection } from './inspector-connection.ts';
import type { StackFrame } from './stack-frame.ts';

export type ThreadStack =
  /** Newest frame first. */
  | { readonly state: 'running'; readonly frames: readonly StackFrame[] }
  /** It answers and runs no JavaScript: it waits for what wakes it. */
  | { readonly state: 'waiting' }
  /** It does not answer: it is in native code, such as a synchronous call of the file system, or gets no time. */
  | { readonly state: 'silent'; readonly waitedMs: number };

/** Far longer than an interrupt takes under load. */
const ANSWER_MS = 2000;
/** A thread that runs no JavaScript for so long is waiting. Slots halt sooner: those without work look around every 50 ms. */
const PAUSE_MS = 1000;

export async function readThreadStack(connection: InspectorConnection, threadId: number): Promise<ThreadStack> {
  const scripts = new Map<string, string>();
  let onPaused: (frames: readonly StackFrame[]) => void = () => undefined;
  const paused = new Promise<readonly StackFrame[]>((resolve) => {
    onPaused = resolve;
  });
  connection.listen(threadId, (method, params) => {
    if (method === 'Debugger.scriptParsed') scripts.set(params.scriptId, params.url);
    if (method !== 'Debugger.paused') return;
    // At once, and whatever it was paused for: a debugger statement of the program counts as well.
    void connection.ask(threadId, 'Debugger.resume', {}, ANSWER_MS);
    onPaused(params.callFrames.map((frame: CallFrame) => toFrame(frame, scripts)));
  });
  const enabled = await connection.ask(threadId, 'Debugger.enable', {}, ANSWER_MS);
  if (enabled === undefined) return { state: 'silent', waitedMs: ANSWER_MS };
  void connection.ask(threadId, 'Debugger.pause', {}, ANSWER_MS);
  const frames = await Promise.race([paused, delay(PAUSE_MS)]);
  await connection.ask(threadId, 'Debugger.disable', {}, ANSWER_MS);
  return frames === undefined || isWaitingForWork(frames) ? { state: 'waiting' } : { state: 'running', frames };
}

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly location: { readonly scriptId: string; readonly lineNumber: number; readonly columnNumber?: number };
}

function toFrame({ functionName, url, location }: CallFrame, scripts: ReadonlyMap<string, string>): StackFrame {
  return {
    functionName,
    url: url === '' ? (scripts.get(location.scriptId) ?? '') : url,
    line: location.lineNumber + 1,
    column: (location.columnNumber ?? 0) + 1,
  };
}

/** Woken by our own question, or by the timer of a slot without work: only Node's own frames. */
function isWaitingForWork(frames: readonly StackFrame[]): boolean {
  return frames.every(({ url }) => url === '' || url.startsWith('node:'));
}

function delay(ms: number): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(undefined), ms);
  });
}
