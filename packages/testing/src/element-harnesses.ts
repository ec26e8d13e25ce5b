// The harnesses for operators with one or two inputs; keyed ones take the key of each element from its selector.
import { OperatorHarness, type OperatorHarnessOptions } from './operator-harness.ts';
import type { KeySelectorOfHarness } from './operator-under-test.ts';

abstract class InputHarness<O> extends OperatorHarness<O> {
  protected processOn(input: number, value: unknown, timestampMs: number | undefined): void {
    this.enter(() => {
      this.task.cell.timestampMs = timestampMs ?? Number.NaN;
      this.setCurrentKey(input, value);
      this.operator.inputs[input]!.processElement(value);
    });
  }

  protected watermarkOn(input: number, timestampMs: number): void {
    this.enter(() => this.operator.inputs[input]!.processWatermark(timestampMs));
  }

  protected statusOn(input: number, idle: boolean): void {
    this.enter(() => this.operator.inputs[input]!.processStatus(idle));
  }

  /** Ends every input, event time first, and finishes the operator. */
  async endInput(): Promise<void> {
    for (let input = 0; input < this.operator.inputs.length; input += 1) {
      this.watermarkOn(input, Number.POSITIVE_INFINITY);
      await this.task.settle();
      await this.task.settleUntil(this.operator.endInput?.(input));
    }
    await this.finishOperator();
  }
}

export class OneInputOperatorHarness<I = unknown, O = unknown> extends InputHarness<O> {
  static open<I, O>(options: OperatorHarnessOptions): Promise<OneInputOperatorHarness<I, O>> {
    return new OneInputOperatorHarness<I, O>(options).start();
  }

  /** @param timestampMs event time; left out: the record has none */
  processElement(value: I, timestampMs?: number): void {
    this.processOn(0, value, timestampMs);
  }

  processWatermark(timestampMs: number): void {
    this.watermarkOn(0, timestampMs);
  }

  processStatus(idle: boolean): void {
    this.statusOn(0, idle);
  }
}

export class TwoInputOperatorHarness<A = unknown, B = unknown, O = unknown> extends InputHarness<O> {
  static open<A, B, O>(options: OperatorHarnessOptions): Promise<TwoInputOperatorHarness<A, B, O>> {
    return new TwoInputOperatorHarness<A, B, O>(options).start();
  }

  processElement1(value: A, timestampMs?: number): void {
    this.processOn(0, value, timestampMs);
  }

  processElement2(value: B, timestampMs?: number): void {
    this.processOn(1, value, timestampMs);
  }

  processWatermark1(timestampMs: number): void {
    this.watermarkOn(0, timestampMs);
  }

  processWatermark2(timestampMs: number): void {
    this.watermarkOn(1, timestampMs);
  }

  processStatus1(idle: boolean): void {
    this.statusOn(0, idle);
  }

  processStatus2(idle: boolean): void {
    this.statusOn(1, idle);
  }

  /** The same watermark on both inputs. */
  processBothWatermarks(timestampMs: number): void {
    this.processWatermark1(timestampMs);
    this.processWatermark2(timestampMs);
  }
}

export interface KeyedHarnessOptions extends Omit<OperatorHarnessOptions, 'keys'> {
  readonly key: KeySelectorOfHarness;
}

export interface KeyedTwoInputHarnessOptions extends Omit<OperatorHarnessOptions, 'keys'> {
  readonly key1: KeySelectorOfHarness;
  readonly key2: KeySelectorOfHarness;
}

/** Opens a one-input harness for an operator spec over a keyed stream. */
export function openKeyedOneInputHarness<I, O>({
  key,
  ...options
}: KeyedHarnessOptions): Promise<OneInputOperatorHarness<I, O>> {
  return OneInputOperatorHarness.open<I, O>({ ...options, keys: [key] });
}

/** Opens a two-input harness for an operator spec over two streams keyed alike. */
export function openKeyedTwoInputHarness<A, B, O>({
  key1,
  key2,
  ...options
}: KeyedTwoInputHarnessOptions): Promise<TwoInputOperatorHarness<A, B, O>> {
  return TwoInputOperatorHarness.open<A, B, O>({ ...options, keys: [key1, key2] });
}
