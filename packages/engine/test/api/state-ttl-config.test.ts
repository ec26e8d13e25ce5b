import { expect, test } from 'vitest';
import { StateTtlConfig, Time } from '../../src/index.ts';

test("the builder's defaults are those of Flink", () => {
  expect(StateTtlConfig.newBuilder(Time.seconds(2)).build()).toEqual({
    ttlMs: 2000,
    updateType: 'OnCreateAndWrite',
    visibility: 'NeverReturnExpired',
  });
});

test('the builder takes every setting, by its own method or by value', () => {
  const expected = { ttlMs: 5, updateType: 'OnReadAndWrite', visibility: 'ReturnExpiredIfNotCleanedUp' };
  expect(StateTtlConfig.newBuilder(5).updateTtlOnReadAndWrite().returnExpiredIfNotCleanedUp().build()).toEqual(
    expected,
  );
  const { UpdateType, StateVisibility } = StateTtlConfig;
  const byValue = StateTtlConfig.newBuilder(5)
    .setUpdateType(UpdateType.OnReadAndWrite)
    .setStateVisibility(StateVisibility.ReturnExpiredIfNotCleanedUp);
  expect(byValue.build()).toEqual(expected);
  expect(byValue.updateTtlOnCreateAndWrite().neverReturnExpired().build()).toEqual({
    ttlMs: 5,
    updateType: 'OnCreateAndWrite',
    visibility: 'NeverReturnExpired',
  });
});

test('a life of no length is refused', () => {
  expect(() => StateTtlConfig.newBuilder(0)).toThrow('Time to live');
});
