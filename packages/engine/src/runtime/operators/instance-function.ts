// A function with code of its own for one operator instance. Closures made by one piece of source share their type
// feedback: with two map operators in a program the call of the user's function becomes polymorphic in both and is not
// inlined. A function compiled per instance keeps its call sites monomorphic, so V8 inlines user function and output.

let instances = 0;

/**
 * Compiles `source` (a function expression) with `bindings` in scope.
 * @param name shown in stack traces and profiles
 * @param source JavaScript; everything it uses besides globals is in `bindings`
 */
export function compileInstance<F>(name: string, source: string, bindings: Readonly<Record<string, unknown>>): F {
  instances += 1;
  // The number makes the text unique: V8 shares compiled code and feedback between equal texts.
  const body = `'use strict';\nreturn ${source};\n//# sourceURL=yeoul-operator/${name}-${instances}.js`;
  const factory = new Function(...Object.keys(bindings), body) as (...values: unknown[]) => F;
  return factory(...Object.values(bindings));
}
