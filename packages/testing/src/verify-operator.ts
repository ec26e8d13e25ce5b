// Holds one operator to the same output under everything that may happen to it: plain; a snapshot after each element; a
// restore into a new instance after each element; output full every other time it is asked; parallelism 1 → 3 half-way.
import { deepStrictEqual } from 'node:assert/strict';
import { computeKeyGroupForKeyHash, computeOperatorIndexForKeyGroup, createKeyHasher } from '@yeoul/engine/harness';
import { OneInputOperatorHarness } from './element-harnesses.ts';
import { FakeClock } from './fake-clock.ts';
import type { OperatorHarnessOptions } from './operator-harness.ts';
import { mergeSnapshots, type OperatorSnapshot } from './operator-snapshot.ts';
import { type OperatorUnderTest, toOperatorUnderTest } from './operator-under-test.ts';
import { type Script, type ScriptStep, toSteps } from './script.ts';

export interface VerifyOperatorOptions<I, O> extends Pick<OperatorHarnessOptions, 'operator' | 'keys' | 'execution'> {
  readonly input: Script<I>;
  /** Values on the main output, in order. The order between keys is only held to where nothing is restored. */
  readonly output: readonly O[];
  /** Values on side outputs by tag. */
  readonly sideOutputs?: Readonly<Record<string, readonly unknown[]>> | undefined;
  /** End the input after the script (last watermark, then finish). Default true. */
  readonly endInput?: boolean | undefined;
  /** Leave out what makes no sense for the operator, with the reason in a comment of the test. Default: all. */
  readonly modes?: readonly VerifyMode[] | undefined;
}

export const VerifyMode = {
  Plain: 'plain',
  SnapshotAfterEach: 'snapshot after each element',
  RestoreAfterEach: 'restore after each element',
  OutputFull: 'output full every other call',
  Rescale: 'parallelism 1 to 3',
} as const;
export type VerifyMode = (typeof VerifyMode)[keyof typeof VerifyMode];

const MAX_PARALLELISM = 128;
const RESCALED_PARALLELISM = 3;

/** @throws AssertionError naming the mode in which the output differs */
export async function verifyOperator<I, O>(options: VerifyOperatorOptions<I, O>): Promise<void> {
  for (const mode of options.modes ?? Object.values(VerifyMode)) {
    const run = new VerificationRun<I, O>(options, mode);
    const { values, sides } = await run.play();
    const inOrder = keepsOrder(mode, run.isKeyed);
    compare(values, options.output, `the output differs (${mode})`, inOrder);
    for (const [tag, expected] of Object.entries(options.sideOutputs ?? {})) {
      compare(sides[tag] ?? [], expected, `side output "${tag}" differs (${mode})`, inOrder);
    }
  }
}

/** Keys come back from a snapshot in an order of their own. */
function keepsOrder(mode: VerifyMode, isKeyed: boolean): boolean {
  return mode !== VerifyMode.Rescale && !(isKeyed && mode === VerifyMode.RestoreAfterEach);
}

function compare(actual: readonly unknown[], expected: readonly unknown[], message: string, inOrder: boolean): void {
  if (inOrder) deepStrictEqual([...actual], [...expected], message);
  else deepStrictEqual(sorted(actual), sorted(expected), message);
}

function sorted(values: readonly unknown[]): unknown[] {
  const text = (value: unknown): string => JSON.stringify(value) ?? '';
  return [...values].sort((a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0));
}

class VerificationRun<I, O> {
  readonly #options: VerifyOperatorOptions<I, O>;
  readonly #mode: VerifyMode;
  readonly #underTest: OperatorUnderTest;
  readonly #clock = new FakeClock();
  #harnesses: OneInputOperatorHarness<I, O>[] = [];
  #checkpointId = 0;
  #rotation = 0;
  #outputAsked = 0;
  readonly #values: O[] = [];
  readonly #sides: Record<string, unknown[]> = {};

  constructor(options: VerifyOperatorOptions<I, O>, mode: VerifyMode) {
    this.#options = options;
    this.#mode = mode;
    this.#underTest = toOperatorUnderTest(options.operator, options.keys);
  }

  get isKeyed(): boolean {
    return this.#underTest.keys.some((key) => key !== undefined);
  }

  async play(): Promise<{ values: readonly O[]; sides: Readonly<Record<string, readonly unknown[]>> }> {
    const steps = toSteps<I>(this.#options.input);
    await this.#open(1, undefined);
    for (const [index, step] of steps.entries()) {
      await this.#take(step);
      await this.#disturb(index, steps.length);
    }
    if (this.#options.endInput !== false) await this.#forEach((harness) => harness.endInput());
    await this.#forEach((harness) => harness.close());
    return { values: this.#values, sides: this.#sides };
  }

  async #take(step: ScriptStep<I>): Promise<void> {
    if (step.kind === 'element') {
      const harness = this.#harnesses[this.#subtaskOf(step.value)]!;
      harness.processElement(step.value, step.timestampMs);
    } else if (step.kind === 'watermark') {
      for (const harness of this.#harnesses) harness.processWatermark(step.timestampMs);
    } else if (step.kind === 'processingTime') {
      this.#clock.advanceTo(step.timeMs);
    } else {
      throw new TypeError(`verifyOperator plays no "${step.kind}" steps: they are for scriptedSource`);
    }
    await this.#forEach(async (harness) => {
      await harness.settle();
      await harness.unblocked();
    });
  }

  async #disturb(index: number, total: number): Promise<void> {
    if (this.#mode === VerifyMode.SnapshotAfterEach) {
      await this.#snapshot();
      await this.#forEach((harness) => harness.notifyCheckpointComplete(this.#checkpointId));
    } else if (this.#mode === VerifyMode.RestoreAfterEach) {
      await this.#restore(1);
    } else if (this.#mode === VerifyMode.Rescale && index === Math.floor(total / 2)) {
      await this.#restore(RESCALED_PARALLELISM);
    }
  }

  async #restore(parallelism: number): Promise<void> {
    const snapshot = await this.#snapshot();
    await this.#forEach((harness) => harness.close());
    await this.#open(parallelism, snapshot);
  }

  async #snapshot(): Promise<OperatorSnapshot> {
    this.#checkpointId += 1;
    const snapshots: OperatorSnapshot[] = [];
    await this.#forEach(async (harness) => void snapshots.push(await harness.snapshot(this.#checkpointId)));
    return mergeSnapshots(snapshots);
  }

  async #open(parallelism: number, restore: OperatorSnapshot | undefined): Promise<void> {
    const { operator, keys, execution } = this.#options;
    const subtasks = Array.from({ length: parallelism }, (_, subtask) => subtask);
    this.#harnesses = await Promise.all(
      subtasks.map((subtask) =>
        OneInputOperatorHarness.open<I, O>({
          operator,
          keys,
          execution,
          clock: this.#clock,
          parallelism,
          subtask,
          maxParallelism: MAX_PARALLELISM,
          restore,
          isOutputAvailable: () => this.#isOutputAvailable(),
        }),
      ),
    );
    await this.#forEach((harness) => harness.unblocked());
  }

  #isOutputAvailable(): boolean {
    this.#outputAsked += 1;
    return this.#mode !== VerifyMode.OutputFull || this.#outputAsked % 2 === 0;
  }

  /** Keyed: as the engine would route it. Else one after the other. */
  #subtaskOf(value: I): number {
    const parallelism = this.#harnesses.length;
    const key = this.#underTest.keys[0];
    if (key === undefined) {
      this.#rotation += 1;
      return this.#rotation % parallelism;
    }
    const hash = createKeyHasher(key.type)(key.selector(value as never));
    return computeOperatorIndexForKeyGroup(
      MAX_PARALLELISM,
      parallelism,
      computeKeyGroupForKeyHash(hash, MAX_PARALLELISM),
    );
  }

  async #forEach(action: (harness: OneInputOperatorHarness<I, O>) => Promise<void>): Promise<void> {
    for (const harness of this.#harnesses) {
      await action(harness);
      this.#values.push(...harness.takeValues());
      for (const tag of Object.keys(this.#options.sideOutputs ?? {})) {
        (this.#sides[tag] ??= []).push(...harness.takeSideOutput(tag).map((record) => record.value));
      }
    }
  }
}
