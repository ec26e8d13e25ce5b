/** The files connectors, `yeoul/connectors/files`. */
export * from '@yeoul/connectors/files';
