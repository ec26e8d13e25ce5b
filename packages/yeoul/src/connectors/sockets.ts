/** The sockets connectors, `yeoul/connectors/sockets`. */
export * from '@yeoul/connectors/sockets';
