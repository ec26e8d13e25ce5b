import { NeverTrigger } from './never-trigger.ts';
import type { Trigger } from './trigger.ts';
import { GlobalWindow } from './window.ts';
import type { BuiltInAssigner, WindowAssigner } from './window-assigner.ts';

/** One window for everything; needs a trigger of its own, or it never fires. */
export class GlobalWindows implements WindowAssigner<unknown, GlobalWindow> {
  readonly isEventTime = false;
  readonly builtIn: BuiltInAssigner = { kind: 'global' };

  static create(): GlobalWindows {
    return new GlobalWindows();
  }

  assignWindows(): GlobalWindow[] {
    return [GlobalWindow.get()];
  }

  getDefaultTrigger(): Trigger<unknown, GlobalWindow> {
    return new NeverTrigger();
  }

  toString(): string {
    return 'GlobalWindows()';
  }
}
