/** Typed client of Flink's REST API, `yeoul/client`: for this server and for Apache Flink 1.9 to 2.3, in Node and in browsers. */
export * from '@yeoul/client';
