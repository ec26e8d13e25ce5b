import { describe, expect, it } from 'vitest';
import { ParameterTool } from '../../src/index.ts';

describe('ParameterTool', () => {
  const parameters = ParameterTool.fromArgs([
    '--input',
    'a b',
    '-n',
    '-3',
    '--flag',
    '--rate',
    '0.5',
    '--off',
    'false',
  ]);

  it('reads keys with values, negative numbers and flags', () => {
    expect([
      parameters.get('input'),
      parameters.getInt('n'),
      parameters.getBoolean('flag'),
      parameters.getBoolean('off', true),
      parameters.getDouble('rate'),
      parameters.has('flag'),
      parameters.get('flag', 'none'),
      parameters.getInt('missing', 7),
      parameters.getNumberOfParameters(),
    ]).toEqual(['a b', -3, true, false, 0.5, true, 'none', 7, 5]);
  });

  it('says what is missing or wrong', () => {
    expect(() => parameters.getRequired('output')).toThrow(
      'parameter --output is missing: give a value: --output VALUE',
    );
    expect(() => parameters.getInt('rate')).toThrow('parameter --rate is 0.5: give a whole number');
    expect(() => ParameterTool.fromArgs(['input'])).toThrow(
      'program argument is "input" in "input": give --key value pairs',
    );
  });
});
