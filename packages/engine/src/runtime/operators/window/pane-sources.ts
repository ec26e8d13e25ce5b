// Source text of the functions that a window operator over panes compiles for itself (see instance-function).

import { areNumbersSource, rowSource, storeSource } from '../../../state/number-fields.ts';
import type { PaneRows } from '../../../state/pane.ts';
import type { PaneAccumulation } from './pane-accumulation.ts';

export interface ElementSourceOptions {
  readonly accumulation: PaneAccumulation;
  /** Panes may hold their accumulators as rows of numbers. */
  readonly holdsNumbers: boolean;
  /** An element may belong to several panes. */
  readonly severalPanes: boolean;
  /** Elements belong to the time at which they come; else to their timestamps. */
  readonly isProcessingTime: boolean;
}

/** `windowElement(value)` over cell (or clock), target, selectTarget, addLate and the accumulation's bindings. */
export function windowElementSource(options: ElementSourceOptions): string {
  const add = addSource(options);
  const addAll = options.severalPanes
    ? `const panes = target.panes;
    for (let i = 0; i < panes.length; i += 1) {
      const counted = panes[i];
      ${add}
    }`
    : `const counted = target.counted;
      ${add}`;
  return `function windowElement(value) {
  const timestampMs = ${options.isProcessingTime ? 'clock.nowMs()' : 'cell.timestampMs'};
  if ((timestampMs >= target.startMs && timestampMs < target.endMs) || selectTarget(timestampMs)) {
    ${addAll}
  } else {
    addLate(value, timestampMs);
  }
}`;
}

function addSource({ accumulation, holdsNumbers }: ElementSourceOptions): string {
  // One lookup of the key: get finds the cell, put writes the same one.
  const addToValue = `const current = pane.get();
      if (current === undefined) counted.keyCount += 1;
      pane.put(${accumulation.addSource});`;
  const addToRow = holdsNumbers ? addToRowSource(accumulation) : undefined;
  if (addToRow === undefined) return `const pane = counted.pane;\n${addToValue}`;
  return `const pane = counted.pane;
      const at = pane.rowAt();
      if (at >= 0) {
        ${addToRow}
      } else {
        ${addToValue}
      }`;
}

/** The object is short-lived, and none at all where V8 inlines the user's function. */
function addToRowSource({ addSource, numberFields = [], areFieldsGuessed }: PaneAccumulation): string {
  const countFields = areFieldsGuessed ? 'let count = 0;\nfor (const _name in next) count += 1;' : '';
  const isRow = [
    "(next === current || (typeof next === 'object' && next !== null && Object.getPrototypeOf(next) === Object.prototype))",
    ...(areFieldsGuessed ? [`count === ${numberFields.length}`] : []),
    areNumbersSource(numberFields, 'next'),
  ].join(' && ');
  return `const numbers = pane.rows.numbers;
        const current = ${rowSource(numberFields, 'numbers', 'at')};
        const next = ${addSource};
        ${countFields}
        if (${isRow}) {
          ${storeSource(numberFields, 'numbers', 'at', 'next')}
        } else pane.put(next);`;
}

/** Emits the results of rows [from, to), each merged over the panes of one window. */
export type EmitRows = (panes: readonly PaneRows[], from: number, to: number, timestampMs: number) => void;

/** `emitRows` over cell, collect and aggregate; merges what panes hold in their order. */
export function emitRowsSource(fields: readonly string[]): string {
  const names = fields.map((_, i) => `f${i}`);
  const row = `{ ${fields.map((name, i) => `${JSON.stringify(name)}: f${i}`).join(', ')} }`;
  return `function emitRows(panes, from, to, timestampMs) {
  for (let row = from; row < to; row += 1) {
    const at = row * ${fields.length};
    let found = false;
    let ${names.map((name) => `${name} = 0`).join(', ')};
    for (let i = 0; i < panes.length; i += 1) {
      const { present, numbers } = panes[i];
      if (row >= present.length || present[row] !== 1) continue;
      if (found) {
        const merged = aggregate.merge(${row}, ${rowSource(fields, 'numbers', 'at')});
        ${fields.map((name, i) => `f${i} = merged[${JSON.stringify(name)}];`).join(' ')}
      } else {
        found = true;
        ${names.map((name, i) => `${name} = numbers[at + ${i}];`).join(' ')}
      }
    }
    if (!found) continue;
    cell.timestampMs = timestampMs;
    collect(aggregate.getResult(${row}));
  }
}`;
}
