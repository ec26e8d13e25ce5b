/** The stdio connectors, `yeoul/connectors/stdio`. */
export * from '@yeoul/connectors/stdio';
