// What if a slot dies, or a task fails, before or after each single message that slots send? The job always gets back to RUNNING, whole,
// from no earlier than what sinks were told, and can still finish.
import { describe, expect, test } from 'vitest';
import type { SlotMessage } from '../../../src/runtime/messages.ts';
import { JOB_ID, Machine, program, settle, twoVertexGraph } from './support/cluster-fixture.ts';
import { inlineState, type ScriptedSlot, ScriptedSlots } from './support/scripted-slots.ts';

type Fault = (slot: ScriptedSlot, message: SlotMessage, deliver: () => void) => void;

const faults: Readonly<Record<string, Fault>> = {
  'the slot dies instead of sending it': (slot) => slot.die(),
  'the slot dies right after it': (slot, _message, deliver) => {
    deliver();
    slot.die();
  },
  'a task of the slot fails before it': (slot, _message, deliver) => {
    const [task] = slot.tasks();
    if (task !== undefined) slot.state(task, 'FAILED', 'injected');
    deliver();
  },
  'it is delivered twice': (_slot, _message, deliver) => {
    deliver();
    deliver();
  },
  'it is lost, and then the slot dies': (slot) => setImmediate(() => slot.die()),
};

/** Passes the messages of all slots on and lets a fault happen at one of them. */
class FaultySlots extends ScriptedSlots {
  count = 0;
  readonly #at: number;
  readonly #fault: Fault;

  constructor(at: number, fault: Fault) {
    super();
    this.#at = at;
    this.#fault = fault;
  }

  override launch(options: { readonly jobId: string; readonly slotIndex: number }) {
    const link = super.launch(options);
    const slot = this.slot(options.slotIndex);
    const onMessage = link.onMessage.bind(link);
    link.onMessage = (handler) =>
      onMessage((message) => {
        this.count += 1;
        const deliver = () => handler(message);
        if (this.count === this.#at) this.#fault(slot, message, deliver);
        else deliver();
      });
    return link;
  }
}

async function run(at: number, fault: Fault): Promise<FaultySlots> {
  const machine = new Machine();
  const slots = new FaultySlots(at, fault);
  slots.stateOf = (task, checkpointId) => inlineState(task, Uint8Array.of(checkpointId));
  const cluster = await machine.open({ slotLauncher: slots });
  const graph = twoVertexGraph({
    intervalMs: 1000,
    restart: { kind: 'fixed-delay', attempts: 3, delayMs: 100 },
    checkpointing: { timeoutMs: 700, tolerableFailures: 2 },
  });
  await cluster.submitGraph(graph, program, { jobId: JOB_ID });
  await machine.clock.advance(2500);
  await machine.clock.advance(40_000);
  const label = `message ${at}`;
  expect(cluster.jobDetail(JOB_ID).state, label).toBe('RUNNING');
  expect(slots.tasks(), label).toHaveLength(4);
  checkRestores(slots, label);
  const completedBefore = cluster.jobDetail(JOB_ID).checkpoints.counts.completed;
  await machine.clock.advance(1000);
  expect(cluster.jobDetail(JOB_ID).checkpoints.counts.completed, label).toBeGreaterThan(completedBefore);
  for (const task of slots.tasks()) task.slot.state(task, 'FINISHED');
  await settle();
  expect(cluster.requestJobResult(JOB_ID), label).toMatchObject({ state: 'FINISHED' });
  expect(slots.live, label).toEqual([]);
  return slots;
}

/** Every deployment starts from at least what was notified before it. */
function checkRestores(slots: ScriptedSlots, label: string): void {
  let notified = 0;
  for (const order of slots.log) {
    if (order.type === 'notify-complete') notified = Math.max(notified, order.checkpointId);
    if (order.type !== 'deploy') continue;
    for (const { restore } of order.tasks) expect(restore?.checkpointId ?? 0, label).toBeGreaterThanOrEqual(notified);
  }
}

describe.each(Object.entries(faults))('%s', (_name, fault) => {
  test('at every message', async () => {
    const { count } = await run(Number.POSITIVE_INFINITY, fault);
    // Start, deployment, and the first two checkpoints; later ones repeat.
    for (let at = 1; at <= Math.min(count, 2 + 8 + 8); at++) await run(at, fault);
  });
});
