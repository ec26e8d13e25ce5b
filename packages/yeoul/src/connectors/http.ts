/** The http connectors, `yeoul/connectors/http`. */
export * from '@yeoul/connectors/http';
