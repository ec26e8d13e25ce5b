/** The published face `yeoul`: what a job's author imports. The list of names is kept in `@yeoul/engine`. */
export * from '@yeoul/engine';
