import { expect, it } from 'vitest';
import { HeldOutput } from '../src/held-output.ts';

const line = (text: string) => ({ jobId: 'a', slotIndex: 0, stream: 'stdout' as const, text });

it('gives each who subscribes while an engine opens what was printed from the start', () => {
  const output = new HeldOutput();
  const heard: Record<'file' | 'screen' | 'later', string> = { file: '', screen: '', later: '' };
  const hear = (who: keyof typeof heard) => output.onOutput(({ text }) => void (heard[who] += text));
  output.add(line('1'));
  hear('file');
  output.add(line('2'));
  const leave = hear('screen');
  output.add(line('3'));
  output.release();
  hear('later');
  output.add(line('4'));
  leave();
  output.add(line('5'));
  expect(heard).toEqual({ file: '12345', screen: '1234', later: '45' });
});
