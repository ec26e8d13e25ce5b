// How windows stand in state: time windows as "start:end", the global window as "", own kinds as what their windowCodec
// makes of them. Equal windows have equal namespaces, whatever assigner made them.
import { type TypeInformation, Types } from '../../../api/type-information.ts';
import { GlobalWindow, TimeWindow, type Window } from '../../../api/windows/window.ts';
import type { WindowAssigner } from '../../../api/windows/window-assigner.ts';
import { appError } from '../../../errors.ts';

export interface WindowNamespace {
  readonly type: TypeInformation;
  toNamespace(window: Window): unknown;
  fromNamespace(namespace: unknown): Window;
}

const GLOBAL_NAMESPACE = '';

/** Texts kept per operator; consecutive records mostly fall into the same few windows. */
const MAX_CACHED_TEXTS = 1024;

export function windowNamespaceOf(assigner: WindowAssigner<unknown, Window>): WindowNamespace {
  const { windowCodec } = assigner;
  if (assigner.builtIn === undefined && windowCodec !== undefined) {
    return {
      type: Types.generic(),
      toNamespace: (window) => windowCodec.toData(window),
      fromNamespace: (data) => windowCodec.fromData(data),
    };
  }
  return textNamespace(String(assigner));
}

function textNamespace(assigner: string): WindowNamespace {
  const toText = cachedText();
  return {
    type: Types.string as TypeInformation,
    toNamespace(window) {
      if (window instanceof TimeWindow) return toText(window);
      if (window instanceof GlobalWindow) return GLOBAL_NAMESPACE;
      throw appError('WINDOW_NEEDS_CODEC', [assigner]);
    },
    fromNamespace: (namespace) =>
      namespace === GLOBAL_NAMESPACE ? GlobalWindow.get() : parseWindow(namespace as string),
  };
}

/** The same text object for the same window: its hash is computed once. */
function cachedText(): (window: TimeWindow) => string {
  const texts = new Map<number, { readonly end: number; readonly text: string }>();
  return (window) => {
    const cached = texts.get(window.start);
    if (cached !== undefined && cached.end === window.end) return cached.text;
    const text = `${window.start}:${window.end}`;
    if (texts.size >= MAX_CACHED_TEXTS) texts.clear();
    texts.set(window.start, { end: window.end, text });
    return text;
  };
}

function parseWindow(text: string): TimeWindow {
  const colon = text.indexOf(':');
  return new TimeWindow(Number(text.slice(0, colon)), Number(text.slice(colon + 1)));
}
