import { expect, test } from 'vitest';
import { LiveScreen, type ScreenStream } from '../../src/live/live-screen.ts';

function draw(size: Omit<ScreenStream, 'write'>): { readonly columns: number; readonly lines: number } {
  let text = '';
  const screen = new LiveScreen({ ...size, write: (written) => (text += written) });
  screen.draw(['a', 'b', 'c', 'd']);
  return { columns: screen.columns, lines: text.split('\n').length - 1 };
}

test('what is drawn fits the terminal; one that does not know its size is taken for a large one', () => {
  expect(draw({ columns: 80, rows: 3 })).toEqual({ columns: 80, lines: 2 });
  expect(draw({ columns: 0, rows: 0 })).toEqual({ columns: 100, lines: 4 });
  expect(draw({})).toEqual({ columns: 100, lines: 4 });
});
